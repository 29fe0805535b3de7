// What this process knows of the machine and its user; the only place that asks.

import { statSync } from "node:fs";
import os from "node:os";

import { type Place, placeOf, type Surroundings, temporaryDirectory } from "./address";

/**
 * Returns where the service of this user listens.
 *
 * @param named the address that the user named, or "".
 * @throws {RangeError} it can be none.
 */
export function placeHere(named: string): Place {
  const { env, platform } = process;
  const surroundings: Surroundings = {
    env,
    platform,
    uid: ownUid() ?? 0,
    home: os.homedir(),
    temporary: temporaryDirectory(env, platform, os.tmpdir(), isDirectory),
  };
  return placeOf(named, surroundings);
}

/** Returns the user's number, nothing where users have none. */
export function ownUid(): number | undefined {
  return process.geteuid?.();
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
