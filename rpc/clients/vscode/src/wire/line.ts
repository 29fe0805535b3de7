// One connection to the service: dialled, let in, greeted; then calls and notifications.

import { connect, type Socket } from "node:net";
import {
  createMessageConnection,
  ErrorCodes,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from "vscode-jsonrpc/node";

import { Members } from "../documents/shape";
import type { Way } from "./discovery";

/** The version of the contract that this extension was written for. */
export const PROTOCOL = "1.0";

const NOT_READY = -32001;
const OTHER_PROTOCOL = -32602;
/** What the library says in the service's stead when the connection is gone. */
const LOST: ReadonlySet<number> = new Set([
  ErrorCodes.MessageWriteError,
  ErrorCodes.MessageReadError,
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
]);
const SECONDS = 5;

/** There is no service to talk to, or no longer. */
export class Unavailable extends Error {}

/** The service answered, and refused; the message is for people. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }

  /** The service's first scan still runs. */
  get isNotReady(): boolean {
    return this.code === NOT_READY;
  }
}

export interface Line {
  /** The service's version. */
  readonly version: string;
  /** Resolves when the connection has ended, by either side. */
  readonly closed: Promise<void>;
  call(method: string, params?: object, seconds?: number): Promise<unknown>;
  close(): void;
}

/** What the service says unasked. */
export type OnNotification = (method: string, params: unknown) => void;

/**
 * Returns a greeted connection by the first way that leads anywhere.
 *
 * @throws {Unavailable} none does.
 * @throws {Refusal} the service does not want this client, and says why.
 */
export async function dial(ways: readonly Way[], onNotification: OnNotification): Promise<Line> {
  for (const way of ways) {
    const socket = await connected(way).catch(() => null);
    if (socket !== null) {
      return greeted(socket, way, onNotification);
    }
  }
  throw new Unavailable("no service listens");
}

async function greeted(socket: Socket, way: Way, onNotification: OnNotification): Promise<Line> {
  const line = new SocketLine(socket, onNotification);
  try {
    if (way.kind === "tcp") {
      await line.call("session.authenticate", { token: way.token });
    }
    const answer = await line.call("session.hello", { client: "vscode", protocol: PROTOCOL });
    const hello = Members.of(answer, "session.hello");
    checkMajor(hello.text("protocol"));
    line.version = hello.text("version");
    return line;
  } catch (error) {
    line.close();
    throw error;
  }
}

class SocketLine implements Line {
  version = "";
  readonly closed: Promise<void>;
  private readonly connection: MessageConnection;

  constructor(
    private readonly socket: Socket,
    onNotification: OnNotification,
  ) {
    const reader = new SocketMessageReader(socket);
    this.connection = createMessageConnection(reader, new SocketMessageWriter(socket));
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        resolve();
      });
    });
    // What does not speak the protocol is left at its first wrong byte.
    this.connection.onError(() => socket.destroy());
    reader.onError(() => socket.destroy());
    this.connection.onNotification(onNotification);
    this.connection.listen();
  }

  async call(method: string, params?: object, seconds = SECONDS): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Unavailable("the service does not answer"));
      }, seconds * 1000);
    });
    const lost = this.closed.then(() => Promise.reject(new Unavailable("the service closed the connection")));
    lost.catch(() => undefined);
    try {
      const answer =
        params === undefined
          ? this.connection.sendRequest<unknown>(method)
          : this.connection.sendRequest<unknown>(method, params);
      answer.catch(() => undefined);
      return await Promise.race([answer, late, lost]);
    } catch (error) {
      throw error instanceof ResponseError && !LOST.has(error.code) ? refusalOf(error) : asUnavailable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.connection.dispose();
    this.socket.destroy();
  }
}

function connected(way: Way): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket =
      way.kind === "socket" ? connect(way.path) : connect({ host: way.host, port: way.port, noDelay: true });
    const giveUp = () => {
      socket.destroy();
      reject(new Unavailable("no service listens"));
    };
    socket.setTimeout(SECONDS * 1000, giveUp);
    socket.once("error", giveUp);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.off("error", giveUp);
      socket.on("error", () => socket.destroy());
      resolve(socket);
    });
  });
}

function checkMajor(protocol: string): void {
  const [theirs, ours] = [protocol, PROTOCOL].map((version) => Number.parseInt(version, 10));
  if (theirs !== ours) {
    const older = Number(theirs) < Number(ours) ? "amp-tray" : "this extension";
    throw new Refusal(OTHER_PROTOCOL, `the service speaks protocol ${protocol}: update ${older}`);
  }
}

function refusalOf(error: ResponseError<unknown>): Refusal {
  const { hint } = Object(error.data) as { hint?: unknown };
  return new Refusal(error.code, typeof hint === "string" && hint !== "" ? hint : error.message);
}

function asUnavailable(error: unknown): Unavailable {
  return error instanceof Unavailable ? error : new Unavailable("the service closed the connection");
}
