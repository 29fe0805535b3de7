import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import test from "node:test";

import type { Summary } from "../../src/documents/summary";
import type { Place } from "../../src/wire/address";
import { watchFor } from "../../src/wire/appearance";
import { waysTo } from "../../src/wire/discovery";
import { Follower, type Pace, type Phase, type Standing } from "../../src/wire/follower";
import { dial, Refusal, Unavailable } from "../../src/wire/line";
import { summary } from "./samples";
import { FakeService, inDirectory, refusal } from "./service";

const NEVER = 1_000_000;
const QUICK: Pace = { notReady: 1, backOff: [1, 2, 5] };
/** Only an appearing socket ends a wait. */
const PATIENT: Pace = { notReady: 1, backOff: [NEVER] };
const SECONDS = 10;

/** Notes what a follower tells, and waits for it. */
class Watcher {
  readonly phases: Phase[] = [];
  standing: Standing | null = null;
  summary: Summary | null = null;
  private waiting: () => void = () => undefined;

  onStanding(standing: Standing): void {
    this.standing = standing;
    if (standing.phase !== this.phases.at(-1)) {
      this.phases.push(standing.phase);
    }
    this.waiting();
  }

  onSummary(newest: Summary): void {
    this.summary = newest;
    this.waiting();
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`it stayed ${this.phases.join(", ")}`));
      }, SECONDS * 1000);
      this.waiting = () => {
        if (holds()) {
          clearTimeout(late);
          resolve();
        }
      };
      this.waiting();
    });
  }

  untilIn(phase: Phase): Promise<void> {
    return this.until(() => this.standing?.phase === phase);
  }
}

interface Scene {
  readonly place: Place;
  readonly socket: string;
  readonly watcher: Watcher;
  readonly follower: Follower;
}

/** Follows the service of a directory of the test's own. */
function following(pace: Pace, scene: (scene: Scene) => Promise<void>): () => Promise<void> {
  return () =>
    inDirectory(async (directory) => {
      // A directory that the service makes: at first there is none.
      const socket = path.join(directory, "amp-tray", "rpc.sock");
      const place = { socket, discovery: path.join(directory, "amp-tray", "rpc.json"), port: null };
      const watcher = new Watcher();
      const follower = new Follower(
        async (onNotification) => dial(await waysTo(place, process.geteuid?.()), onNotification),
        (onAppear) => watchFor(place, onAppear),
        watcher,
        pace,
      );
      const running = follower.run();
      try {
        await scene({ place, socket, watcher, follower });
      } finally {
        follower.end();
        await running;
      }
    });
}

function serve(socket: string, answers: Record<string, (params: unknown) => unknown> = {}): Promise<FakeService> {
  mkdirSync(path.dirname(socket), { recursive: true });
  return FakeService.at(socket, { "usage.summary": () => summary(), ...answers });
}

test(
  "it waits for the service, follows it, loses it and finds it again",
  following(PATIENT, async ({ socket, watcher }) => {
    await watcher.untilIn("offline");
    const first = await serve(socket);
    await watcher.untilIn("connected");
    assert.equal(watcher.standing?.version, "1.2.3");
    assert.deepEqual(first.called, ["session.hello", "usage.subscribe", "usage.summary"]);
    assert.deepEqual(first.params.get("session.hello"), { client: "vscode", protocol: "1.0" });
    await first.stop();
    await watcher.untilIn("offline");
    const second = await serve(socket, { "usage.summary": () => summary({ revision: 1 }) });
    await watcher.until(() => watcher.standing?.phase === "connected" && watcher.summary?.revision === 1);
    await second.stop();
  }),
);

test(
  "the newest figures are kept, an older revision is left out",
  following(QUICK, async ({ socket, watcher }) => {
    const service = await serve(socket);
    await watcher.untilIn("connected");
    service.notify("usage.changed", { revision: 9, summary: summary({ revision: 9, diagnostics: 1 }) });
    await watcher.until(() => watcher.summary?.revision === 9);
    service.notify("usage.changed", { revision: 8, summary: summary({ revision: 8, diagnostics: 2 }) });
    service.notify("usage.changed", { revision: 10, summary: "nonsense" });
    service.notify("another.notification", {});
    service.notify("usage.changed", { revision: 11, summary: summary({ revision: 11, diagnostics: 3 }) });
    await watcher.until(() => watcher.summary?.revision === 11);
    assert.deepEqual(watcher.phases.slice(-1), ["connected"]);
    await service.stop();
  }),
);

test(
  "it waits while the service reads threads for the first time",
  following(QUICK, async ({ socket, watcher }) => {
    let asked = 0;
    const service = await serve(socket, {
      "usage.summary": () => ((asked += 1) < 3 ? refusal(-32001, "it scans") : summary()),
    });
    await watcher.untilIn("connected");
    assert.deepEqual(watcher.phases.slice(-2), ["starting", "connected"]);
    await service.stop();
  }),
);

test(
  "a service of another protocol says which side to update",
  following(QUICK, async ({ socket, watcher }) => {
    const service = await serve(socket, { "session.hello": () => refusal(-32602, "update the client") });
    await watcher.until(() => watcher.standing?.reason === "update the client");
    assert.equal(watcher.standing?.phase, "offline");
    await service.stop();
  }),
);

test(
  "a service that does not refuse another protocol is refused",
  following(QUICK, async ({ socket, watcher }) => {
    const service = await serve(socket, {
      "session.hello": () => ({ server: "amp-tray", version: "9", protocol: "2.0", pid: 1, revision: 7 }),
    });
    await watcher.until(() => watcher.standing?.reason === "the service speaks protocol 2.0: update this extension");
    assert.equal(watcher.phases.includes("connected"), false);
    await service.stop();
  }),
);

test(
  "a summary that cannot be read is no figures, and is asked for again",
  following(QUICK, async ({ socket, watcher }) => {
    let asked = 0;
    const service = await serve(socket, { "usage.summary": () => ((asked += 1) < 2 ? {} : summary()) });
    await watcher.until(() => watcher.standing?.reason.includes("versions") === true);
    await watcher.untilIn("connected");
    await service.stop();
  }),
);

test(
  "what is no service of ours is left, and tried again",
  following(QUICK, async ({ socket, watcher }) => {
    mkdirSync(path.dirname(socket), { recursive: true });
    let tries = 0;
    const stranger = createServer((peer) => {
      tries += 1;
      peer.on("error", () => peer.destroy());
      peer.resume();
      peer.end("HTTP/1.1 400 Bad Request\r\n\r\n");
      watcher.onStanding(watcher.standing ?? { phase: "connecting", version: "", reason: "" });
    });
    await new Promise<void>((resolve) => stranger.listen(socket, resolve));
    await watcher.until(() => tries > 3);
    assert.equal(watcher.phases.includes("connected"), false);
    await new Promise((resolve) => stranger.close(resolve));
  }),
);

test(
  "calls reach the service, and fail in words",
  following(QUICK, async ({ socket, watcher, follower }) => {
    await watcher.untilIn("offline");
    await assert.rejects(follower.call("service.refresh"), Unavailable);
    const service = await serve(socket, {
      "service.refresh": () => ({ revision: 8 }),
      "usage.thread": () => refusal(-32002, "no session has this id"),
      "report.session": () => new Promise(() => undefined),
    });
    await watcher.untilIn("connected");
    assert.deepEqual(await follower.call("service.refresh"), { revision: 8 });
    await assert.rejects(
      follower.call("usage.thread", { sessionId: "T-9" }),
      (error) => error instanceof Refusal && error.code === -32002 && error.message === "no session has this id",
    );
    await assert.rejects(follower.call("report.session", {}, 0.01), /does not answer/);
    const pending = follower.call("report.session");
    const failed = assert.rejects(pending, /closed the connection/);
    await service.stop();
    await failed;
  }),
);

test(
  "over TCP the token is shown first of all",
  following(PATIENT, async ({ place, watcher }) => {
    await watcher.untilIn("offline");
    const service = await FakeService.at({ port: 0 }, {
      "session.authenticate": () => ({ authenticated: true }),
      "usage.summary": () => summary(),
    });
    mkdirSync(path.dirname(place.discovery));
    const found = { host: "127.0.0.1", port: service.port, token: "secret", pid: 1, protocol: "1.0" };
    writeFileSync(place.discovery, JSON.stringify(found));
    await watcher.untilIn("connected");
    assert.equal(service.called[0], "session.authenticate");
    assert.deepEqual(service.params.get("session.authenticate"), { token: "secret" });
    await service.stop();
  }),
);

test(
  "another address is dialled at once",
  following(PATIENT, async ({ socket, watcher, follower }) => {
    await watcher.untilIn("offline");
    const service = await serve(socket);
    await watcher.untilIn("connected");
    follower.redial();
    await watcher.until(() => service.called.filter((method) => method === "session.hello").length === 2);
    await service.stop();
  }),
);

test(
  "the end closes the connection",
  following(QUICK, async ({ socket, watcher, follower }) => {
    const service = await serve(socket);
    await watcher.untilIn("connected");
    const left = service.untilLeft();
    follower.end();
    await left;
    assert.equal(watcher.phases.at(-1), "connected"); // nobody is told once it has ended
    await service.stop();
  }),
);
