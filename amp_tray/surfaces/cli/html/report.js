"use strict";
(() => {
  const find = (id) => document.getElementById(id);

  // Sessions: sorting by a head, filtering by words, the first rows of a long table.
  const FIRST = 50;
  const table = find("sessions");
  const status = find("status");
  const more = find("more");
  if (table) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...body.rows];
    const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
    const input = find("filter");
    let all = rows.length <= FIRST;
    let order = rows;

    const show = () => {
      const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const matches = order.filter((row) => wanted.every((word) => words.get(row).includes(word)));
      const shown = new Set(all ? matches : matches.slice(0, FIRST));
      for (const row of rows) row.hidden = !shown.has(row);
      more.hidden = shown.size === matches.length;
      more.textContent = `Show all ${matches.length.toLocaleString("en")}`;
      const parts = [];
      if (wanted.length) parts.push(`${matches.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} sessions match`);
      if (!more.hidden) parts.push(`the first ${FIRST} are shown`);
      status.textContent = parts.join("; ");
    };

    const compare = (index, kind) => (a, b) => {
      const [left, right] = [a.cells[index], b.cells[index]];
      if (kind === "number") return Number(left.dataset.value) - Number(right.dataset.value);
      if (kind === "date") return left.dataset.value < right.dataset.value ? -1 : left.dataset.value > right.dataset.value ? 1 : 0;
      return names.compare(left.textContent, right.textContent);
    };

    const sort = (head, index) => {
      const kind = head.dataset.kind;
      const before = head.getAttribute("aria-sort");
      const first = kind === "text" ? "ascending" : "descending";
      const second = kind === "text" ? "descending" : "ascending";
      const direction = before === first ? second : first;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", direction);
      const ascending = compare(index, kind);
      order = [...rows].sort(direction === "ascending" ? ascending : (a, b) => ascending(b, a));
      body.append(...order);
      show();
    };

    heads.forEach((head, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(head, index));
      head.append(button);
    });
    input.addEventListener("input", show);
    more.addEventListener("click", () => {
      all = true;
      show();
    });
    find("controls").hidden = false;
    show();
  }

  // Charts: what a column stands for, by pointer or by arrow keys.
  const tip = find("tip");
  const place = (x, y) => {
    const box = tip.getBoundingClientRect();
    const left = x + 16 + box.width > innerWidth ? x - 16 - box.width : x + 16;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${Math.max(8, Math.min(y - box.height / 2, innerHeight - box.height - 8))}px`;
  };
  for (const plot of document.querySelectorAll(".plot")) {
    const columns = [...plot.querySelectorAll(".column")].map((group) => {
      const title = group.querySelector(".hit title");
      const text = title.textContent;
      title.remove();
      return { group, text };
    });
    let at = -1;
    const mark = (next) => {
      if (at >= 0) columns[at].group.classList.remove("on");
      at = next;
      tip.hidden = at < 0;
      if (at < 0) return;
      columns[at].group.classList.add("on");
      tip.textContent = columns[at].text;
    };
    columns.forEach(({ group }, index) => {
      group.addEventListener("pointermove", (event) => {
        if (at !== index || tip.hidden) mark(index);
        place(event.clientX, event.clientY);
      });
    });
    plot.addEventListener("pointerleave", () => mark(-1));
    plot.addEventListener("blur", () => mark(-1));
    plot.setAttribute("tabindex", "0");
    plot.addEventListener("keydown", (event) => {
      const last = columns.length - 1;
      const steps = { ArrowLeft: Math.max(at - 1, 0), ArrowRight: Math.min(at + 1, last), Home: 0, End: last, Escape: -1 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      mark(steps[event.key]);
      if (at < 0) return;
      const box = columns[at].group.getBoundingClientRect();
      place(box.right, box.top + box.height / 2);
    });
  }
})();
