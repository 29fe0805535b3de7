// The one thing that is wanted of `service.status`: where thread files lie.

import { Members } from "./shape";

/** Returns the directories that hold thread files, of the roots that exist. */
export function readFolders(document: unknown): readonly string[] {
  return Members.of(document, "service.status")
    .list("roots", (root) => ({ folder: root.text("folder"), exists: root.flag("exists") }))
    .filter((root) => root.exists)
    .map((root) => root.folder);
}
