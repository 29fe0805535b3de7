import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import type { Place } from "../../src/wire/address";
import { waysTo } from "../../src/wire/discovery";
import { FakeService, inDirectory } from "./service";

const UID = process.geteuid?.();
const FOUND = { host: "127.0.0.1", port: 4711, token: "secret", pid: 1, protocol: "1.0" };
const TCP = { kind: "tcp", host: "127.0.0.1", port: 4711, token: "secret" };

function placeIn(directory: string, port: number | null = null): Place {
  const socket = port === null ? path.join(directory, "rpc.sock") : null;
  return { socket, discovery: path.join(directory, "rpc.json"), port };
}

test("nothing there is no way", () =>
  inDirectory(async (directory) => {
    assert.deepEqual(await waysTo(placeIn(directory), UID), []);
  }));

test("the socket comes first, then the port", () =>
  inDirectory(async (directory) => {
    const place = placeIn(directory);
    const service = await FakeService.at(place.socket ?? "", {});
    writeFileSync(place.discovery, JSON.stringify(FOUND));
    assert.deepEqual(await waysTo(place, UID), [{ kind: "socket", path: place.socket }, TCP]);
    await service.stop();
  }));

test("what another user put there is not used", () =>
  inDirectory(async (directory) => {
    const place = placeIn(directory);
    const service = await FakeService.at(place.socket ?? "", {});
    writeFileSync(place.discovery, JSON.stringify(FOUND));
    assert.deepEqual(await waysTo(place, (UID ?? 0) + 1), []);
    await service.stop();
  }));

test("a port that was named is the only one whose token is shown", () =>
  inDirectory(async (directory) => {
    writeFileSync(path.join(directory, "rpc.json"), JSON.stringify(FOUND));
    assert.deepEqual(await waysTo(placeIn(directory, 4711), UID), [TCP]);
    assert.deepEqual(await waysTo(placeIn(directory, 4712), UID), []);
  }));

test("a file that is no socket is no way", () =>
  inDirectory(async (directory) => {
    writeFileSync(path.join(directory, "rpc.sock"), "");
    assert.deepEqual(await waysTo(placeIn(directory), UID), []);
  }));

test("a discovery file that cannot be used leads nowhere", () =>
  inDirectory(async (directory) => {
    const place = placeIn(directory);
    const wrong: unknown[] = [
      null,
      [],
      { ...FOUND, host: "10.0.0.1" },
      { ...FOUND, port: 0 },
      { ...FOUND, port: 65536 },
      { ...FOUND, port: "4711" },
      { ...FOUND, token: "" },
      { ...FOUND, token: "a\nb" },
      { ...FOUND, padding: "x".repeat(5000) },
    ];
    for (const document of wrong) {
      writeFileSync(place.discovery, JSON.stringify(document));
      assert.deepEqual(await waysTo(place, UID), [], JSON.stringify(document));
    }
    writeFileSync(place.discovery, "{");
    assert.deepEqual(await waysTo(place, UID), []);
  }));

test("a link in the place of the discovery file is not followed", () =>
  inDirectory(async (directory) => {
    const elsewhere = path.join(directory, "elsewhere.json");
    writeFileSync(elsewhere, JSON.stringify(FOUND));
    symlinkSync(elsewhere, path.join(directory, "rpc.json"));
    assert.deepEqual(await waysTo(placeIn(directory), UID), []);
  }));
