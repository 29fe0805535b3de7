// Noticing that a file appears, also in a directory that is yet to be made.

import { existsSync, type FSWatcher, watch } from "node:fs";
import path from "node:path";

import type { Place } from "./address";

/**
 * Calls back whenever the service may have come to a place, until the returned function is called.
 * Where nothing can be watched it never does: whoever waits has another way to notice.
 */
export function watchFor({ socket, discovery }: Place, onAppear: () => void): () => void {
  const files = socket === null ? [discovery] : [socket, discovery];
  const stops = [...new Set(files.map((file) => path.dirname(file)))].map((directory) => {
    const names = files.filter((file) => path.dirname(file) === directory).map((file) => path.basename(file));
    return watchIn(directory, new Set(names), onAppear);
  });
  return () => {
    for (const stop of stops) {
      stop();
    }
  };
}

function watchIn(directory: string, names: ReadonlySet<string>, onAppear: () => void): () => void {
  let watcher: FSWatcher | undefined;
  const arm = () => {
    watcher?.close();
    const folder = nearestThatExists(directory);
    const next = path.relative(folder, directory).split(path.sep)[0] ?? "";
    const wanted = next === "" ? names : new Set([next]);
    try {
      watcher = watch(folder, { persistent: false }, (_event, name) => {
        // Some systems do not say which name it was.
        if (name !== null && !wanted.has(name)) {
          return;
        }
        if (next === "") {
          onAppear();
        } else if (existsSync(path.join(folder, next))) {
          arm();
        }
      });
      watcher.on("error", () => watcher?.close());
    } catch {
      return;
    }
    if (next === "" && folder !== first && [...names].some((name) => existsSync(path.join(folder, name)))) {
      onAppear(); // it was there before the directory could be watched
    }
  };
  const first = nearestThatExists(directory);
  arm();
  return () => watcher?.close();
}

function nearestThatExists(directory: string): string {
  const above = path.dirname(directory);
  return existsSync(directory) || above === directory ? directory : nearestThatExists(above);
}
