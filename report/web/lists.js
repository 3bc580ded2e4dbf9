/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of any length, of which only the rows in view are in the document; a grid to who cannot see it. */

const ROW = 24;

class List {
	/*
	 * @columns: [{title, width, right}]; @cells(i): the texts of row i; @chosen(i): a row was chosen. @differs(i)
	 * may be absent.
	 */
	constructor(box, label, columns, cells, chosen, differs) {
		Object.assign(this, { box, columns, cells, chosen, differs, nr: 0, selected: -1, rows: new Map() });
		this.template = columns.map((c) => c.width).join(" ");
		box.setAttribute("role", "grid");
		box.setAttribute("aria-label", label);
		box.tabIndex = 0;
		this.title = this.makeRow(columns.map((c) => c.title), "title", "columnheader");
		this.room = el("div", { class: "room", role: "rowgroup" });
		this.room.style.position = "relative";
		box.replaceChildren(this.title, this.room);
		box.addEventListener("scroll", () => this.draw());
		box.addEventListener("keydown", (event) => this.key(event));
	}

	makeRow(texts, kind, role) {
		const row = el("div", { class: kind, role: "row" }, texts.map((text, i) =>
			el("span", { role, class: this.columns[i].right ? "right" : null, title: text }, text)));

		row.style.gridTemplateColumns = this.template;
		return row;
	}

	set(nr) {
		this.nr = nr;
		this.box.setAttribute("aria-rowcount", nr + 1);
		this.room.style.height = `${nr * ROW}px`;
		this.rows.forEach((row) => row.remove());
		this.rows.clear();
		this.draw();
	}

	draw(all = false) {
		const top = this.box.scrollTop, height = this.box.clientHeight;
		const from = all ? 0 : Math.max(0, Math.floor(top / ROW) - 4);
		const to = all ? Math.min(this.nr, 1000) : Math.min(this.nr, Math.ceil((top + height) / ROW) + 4);

		for (const [i, row] of this.rows) {
			if (i >= from && i < to)
				continue;
			row.remove();
			this.rows.delete(i);
		}
		for (let i = from; i < to; i++)
			if (!this.rows.has(i))
				this.addRow(i);
	}

	addRow(i) {
		const row = this.makeRow(this.cells(i), "row", "gridcell");

		row.style.top = `${i * ROW}px`;
		row.id = `${this.box.id}-${i}`;
		row.setAttribute("aria-rowindex", i + 2);
		row.setAttribute("aria-selected", i === this.selected);
		if (this.differs && this.differs(i))
			row.classList.add("differs");
		row.addEventListener("click", () => this.choose(i));
		this.rows.set(i, row);
		this.room.append(row);
	}

	choose(i) {
		this.select(i);
		this.chosen(i);
	}

	/* Marks a row, and brings it into view; -1: none. */
	select(i) {
		const before = this.rows.get(this.selected);

		if (before)
			before.setAttribute("aria-selected", false);
		this.selected = i;
		if (i < 0) {
			this.box.removeAttribute("aria-activedescendant");
			return;
		}
		const top = i * ROW, from = this.box.scrollTop, high = this.box.clientHeight - 2 * ROW;

		if (top < from || top > from + high)
			this.box.scrollTop = Math.max(0, top - high / 2);
		this.draw();
		const row = this.rows.get(i);

		if (row)
			row.setAttribute("aria-selected", true);
		this.box.setAttribute("aria-activedescendant", `${this.box.id}-${i}`);
	}

	key(event) {
		const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 2);
		const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.nr, End: this.nr };

		if (!(event.key in moves) || !this.nr)
			return;
		event.preventDefault();
		event.stopPropagation();
		this.choose(Math.min(this.nr - 1, Math.max(0, this.selected + moves[event.key])));
	}
}

/* The regions in view at the moment that is shown, as rows of a list. */
const regions = {
	rows: [],

	init() {
		const columns = [
			{ title: "array", width: "6.5rem" }, { title: "start", width: "8.5rem", right: true },
			{ title: "last", width: "8.5rem", right: true }, { title: "size", width: "6rem", right: true },
			{ title: "node", width: "3rem", right: true }, { title: "flags", width: "8rem" },
			{ title: "for", width: "14rem" }, { title: "by", width: "14rem" },
		];

		this.list = new List($("regions"), "Regions in view", columns, (i) => this.cells(this.rows[i]), (i) => {
			const [side, , r] = this.rows[i], run = model.runs[side];

			view.show(run.start[r], run.end[r], 0.5);
			pick(run.start[r]);
		});
		$("regions-box").addEventListener("toggle", () => this.list.draw());
	},

	cells([side, type, r]) {
		const run = model.runs[side];
		const owner = type === RESERVED && !model.isDiff ? this.owner(run, r) : null;

		return [(model.isDiff ? "−+"[side] + " " : "") + TYPE_NAMES[type], hex(run.start[r]), last(run.end[r]),
			size(run.end[r] - run.start[r]), node(run.nid[r]), run.word(run.flags[r]),
			owner ? owner[0] : "", owner ? owner[1] : ""];
	},

	/* What a reserved region is for; it may have been joined of several. */
	owner(run, r) {
		const line = model.line();
		const all = owners.within(run.start[r], run.end[r]).filter((o) => owners.alive(o, line));
		const purposes = [...new Set(all.map((o) => o.purpose))], by = [...new Set(all.map((o) => o.by || "unknown"))];

		return [purposes.join(", "), by.join(", ")];
	},

	/* Also while the list is folded: how many there are is told beside it. */
	update() {
		const from = view.start, to = view.end, rows = this.rows = [];

		model.runs.forEach((run, side) => {
			const state = model.state(side);

			for (let type = 1; type < NR_TYPES; type++)
				for (const r of state[type])
					if (run.end[r] > from && run.start[r] < to)
						rows.push([side, type, r]);
		});
		$("regions-count").textContent = thousands(rows.length);
		this.list.selected = -1;
		this.list.set(rows.length);
	},
};
