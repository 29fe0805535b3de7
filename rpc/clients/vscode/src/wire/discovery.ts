// The ways to a service: its socket, or the port and the token that `rpc.json` tells.
// What another user has put there is never used: it would be shown as this user's own figures.

import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";

import type { Place } from "./address";

const MOST_BYTES = 4096;
const MOST_PORT = 65535;
const LOOPBACK = "127.0.0.1";

export interface SocketWay {
  readonly kind: "socket";
  readonly path: string;
}

export interface TcpWay {
  readonly kind: "tcp";
  readonly host: string;
  readonly port: number;
  /** What is shown first, so that the port opens. */
  readonly token: string;
}

export type Way = SocketWay | TcpWay;

/** Returns the ways to the service, each to be tried if those before lead nowhere. */
export async function waysTo(place: Place, uid: number | undefined): Promise<readonly Way[]> {
  const ways: Way[] = [];
  if (place.socket !== null && (await isOwnSocket(place.socket, uid))) {
    ways.push({ kind: "socket", path: place.socket });
  }
  const tcp = await readDiscovery(place.discovery, uid);
  // The token of one port is not shown to whoever listens at another.
  if (tcp !== null && (place.port === null || place.port === tcp.port)) {
    ways.push(tcp);
  }
  return ways;
}

async function isOwnSocket(path: string, uid: number | undefined): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isSocket() && isOwn(found.uid, uid);
  } catch {
    return false;
  }
}

async function readDiscovery(path: string, uid: number | undefined): Promise<TcpWay | null> {
  try {
    // A pipe in its place would keep the reader waiting, and a link would lead anywhere.
    // Windows has neither flag, and then they count for nothing.
    const flags: Partial<Pick<typeof constants, "O_NOFOLLOW" | "O_NONBLOCK">> = constants;
    const file = await open(path, constants.O_RDONLY | (flags.O_NOFOLLOW ?? 0) | (flags.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > MOST_BYTES || !isOwn(found.uid, uid)) {
        return null;
      }
      return wayOf(JSON.parse(await file.readFile("utf8")));
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

function wayOf(document: unknown): TcpWay | null {
  const { host, port, token } = Object(document) as Record<string, unknown>;
  const isPort = typeof port === "number" && Number.isInteger(port) && port > 0 && port <= MOST_PORT;
  if (host !== LOOPBACK || !isPort || typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    return null;
  }
  return { kind: "tcp", host, port, token };
}

/** Where users have no numbers (Windows) the system's own rules hold. */
function isOwn(owner: number, uid: number | undefined): boolean {
  return uid === undefined || owner === uid;
}
