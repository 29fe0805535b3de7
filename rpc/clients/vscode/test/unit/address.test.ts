import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";

import { placeOf, type Surroundings, temporaryDirectory } from "../../src/wire/address";

const LINUX: Surroundings = {
  env: { XDG_RUNTIME_DIR: "/run/user/1000" },
  platform: "linux",
  uid: 1000,
  home: "/home/ada",
  temporary: "/tmp",
};
const MAC: Surroundings = { ...LINUX, platform: "darwin", home: "/Users/ada", temporary: "/var/t" };

test("the socket is where the service puts it", () => {
  const long = `/${"x".repeat(90)}`;
  const cases: [string, Surroundings, string][] = [
    ["", LINUX, "/run/user/1000/amp-tray/rpc.sock"],
    ["", { ...LINUX, env: {} }, "/tmp/amp-tray-1000/rpc.sock"],
    ["", { ...LINUX, env: { XDG_RUNTIME_DIR: "run" } }, "/tmp/amp-tray-1000/rpc.sock"],
    ["", { ...LINUX, env: { XDG_RUNTIME_DIR: long } }, "/tmp/amp-tray-1000/rpc.sock"],
    ["", MAC, "/Users/ada/Library/Caches/amp-tray/rpc.sock"],
    ["", { ...LINUX, env: { ...LINUX.env, AMP_TRAY_SOCKET: "/a/b" } }, "/a/b"],
    ["/c/d", { ...LINUX, env: { AMP_TRAY_SOCKET: "/a/b" } }, "/c/d"],
  ];
  for (const [named, surroundings, socket] of cases) {
    const discovery = path.join(path.dirname(socket), "rpc.json");
    assert.deepEqual(placeOf(named, surroundings), { socket, discovery, port: null });
  }
});

test("a path just short enough is used, one byte more is not", () => {
  const rest = "/amp-tray/rpc.sock".length;
  const socketIn = (bytes: number) =>
    placeOf("", { ...LINUX, env: { XDG_RUNTIME_DIR: `/${"x".repeat(bytes - rest - 1)}` } }).socket;
  assert.equal(socketIn(103)?.length, 103);
  assert.equal(socketIn(104), "/tmp/amp-tray-1000/rpc.sock");
});

test("Windows has TCP alone", () => {
  const place = placeOf("", { ...LINUX, platform: "win32", env: {}, uid: 0, temporary: "/temp" });
  assert.deepEqual(place, { socket: null, discovery: "/temp/amp-tray-0/rpc.json", port: null });
});

test("a TCP address names a port of this machine and nothing else", () => {
  const discovery = "/run/user/1000/amp-tray/rpc.json";
  assert.deepEqual(placeOf("tcp://127.0.0.1:4711", LINUX), { socket: null, discovery, port: 4711 });
  for (const wrong of ["tcp://10.0.0.1:1", "tcp://127.0.0.1", "tcp://127.0.0.1:0", "tcp://127.0.0.1:65536", "tcp://"]) {
    assert.throws(() => placeOf(wrong, LINUX), RangeError);
  }
});

test("the directory for temporary files is the service's", () => {
  const directory = (named: string | undefined, exists: boolean, platform = "linux") =>
    temporaryDirectory({ TMPDIR: named }, platform, "/node", () => exists);
  assert.equal(directory("/mine", true), "/mine");
  assert.equal(directory("/mine", false), "/tmp");
  assert.equal(directory("mine", true), "/tmp");
  assert.equal(directory(undefined, true), "/tmp");
  assert.equal(directory("/mine", true, "win32"), "/node");
});
