// Where the service listens, worked out from values alone; the order is that of rpc/README.md.

import path from "node:path";

/** Longest path of a Unix socket that every platform takes, in bytes. */
const MOST_BYTES = 103;
const LOOPBACK = "127.0.0.1";

/** A place where the service may listen. */
export interface Place {
  /** The socket to try first; null where only TCP may be used. */
  readonly socket: string | null;
  /** The file that tells port and token where the service listens on TCP. */
  readonly discovery: string;
  /** The one port that may be used, null where the file decides. */
  readonly port: number | null;
}

/** What is known of the machine and its user. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** The user's number, 0 where users have none. */
  readonly uid: number;
  readonly home: string;
  /** The directory for temporary files. */
  readonly temporary: string;
}

/**
 * Returns where the service of this user listens.
 *
 * @param named the address that the user named (a path, or `tcp://127.0.0.1:PORT`), or "".
 * @throws {RangeError} it is a TCP address that is none of this machine's own.
 */
export function placeOf(named: string, { env, platform, uid, home, temporary }: Surroundings): Place {
  const override = named === "" ? (env["AMP_TRAY_SOCKET"] ?? "") : named;
  const directory = directoryOf(baseOf(env, platform, home), path.join(temporary, `amp-tray-${uid}`));
  if (override.startsWith("tcp://")) {
    return { socket: null, discovery: path.join(directory, "rpc.json"), port: portOf(override) };
  }
  const socket = override === "" ? path.join(directory, "rpc.sock") : override;
  return {
    socket: platform === "win32" ? null : socket,
    discovery: path.join(path.dirname(socket), "rpc.json"),
    port: null,
  };
}

/** Returns the directory for temporary files as the service finds it. */
export function temporaryDirectory(
  env: Surroundings["env"],
  platform: string,
  otherwise: string,
  isDirectory: (path: string) => boolean,
): string {
  if (platform === "win32") {
    return otherwise;
  }
  const named = env["TMPDIR"] ?? "";
  return path.isAbsolute(named) && isDirectory(named) ? named : "/tmp";
}

function baseOf(env: Surroundings["env"], platform: string, home: string): string | undefined {
  if (platform === "darwin") {
    // A program started from the dock never sees what the shell set.
    return path.join(home, "Library", "Caches");
  }
  const runtime = env["XDG_RUNTIME_DIR"];
  return runtime?.startsWith("/") ? runtime : undefined;
}

function directoryOf(base: string | undefined, otherwise: string): string {
  if (base === undefined) {
    return otherwise;
  }
  const directory = path.join(base, "amp-tray");
  return Buffer.byteLength(path.join(directory, "rpc.sock")) <= MOST_BYTES ? directory : otherwise;
}

function portOf(address: string): number {
  const found = /^tcp:\/\/127\.0\.0\.1:([1-9]\d{0,4})$/.exec(address);
  const port = Number(found?.[1]);
  if (found === null || port > 65535) {
    throw new RangeError(`a TCP address is tcp://${LOOPBACK}:PORT`);
  }
  return port;
}
