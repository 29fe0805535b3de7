// A service that says what a test wants, on a real socket.

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from "vscode-jsonrpc/node";

type Answer = (params: unknown) => unknown;

/** Makes a directory, gives it to a test, and removes it. */
export async function inDirectory(test: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "amp-tray-"));
  try {
    await test(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export class FakeService {
  /** The methods that were called, in order. */
  readonly called: string[] = [];
  /** The params of the last call of each method. */
  readonly params = new Map<string, unknown>();
  private readonly peers = new Set<{ socket: Socket; connection: MessageConnection }>();

  private constructor(
    private readonly answers: Record<string, Answer>,
    private readonly server: Server,
  ) {}

  static async at(where: string | { port: number }, answers: Record<string, Answer>): Promise<FakeService> {
    const server = createServer();
    const hello = () => ({ server: "amp-tray", version: "1.2.3", protocol: "1.0", pid: 1, revision: 7 });
    const service = new FakeService({ "session.hello": hello, "usage.subscribe": () => ({}), ...answers }, server);
    server.on("connection", (socket) => {
      service.take(socket);
    });
    await new Promise<void>((resolve) => {
      server.listen(typeof where === "string" ? { path: where } : { ...where, host: "127.0.0.1" }, resolve);
    });
    return service;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Waits until nobody is connected. */
  async untilLeft(): Promise<void> {
    await Promise.all([...this.peers].map(({ socket }) => once(socket, "close")));
  }

  notify(method: string, params: object): void {
    for (const { connection } of this.peers) {
      void connection.sendNotification(method, params);
    }
  }

  async stop(): Promise<void> {
    for (const { socket } of this.peers) {
      socket.destroy();
    }
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  private take(socket: Socket): void {
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    const peer = { socket, connection };
    this.peers.add(peer);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      this.peers.delete(peer);
      connection.dispose();
    });
    connection.onRequest((method, params) => {
      this.called.push(method);
      this.params.set(method, params);
      const answer = this.answers[method];
      return answer === undefined ? refusal(-32601, "no such method") : answer(params);
    });
    connection.listen();
  }
}

export function refusal(code: number, hint: string): ResponseError<unknown> {
  return new ResponseError(code, "Refused", { kind: "refused", hint });
}
