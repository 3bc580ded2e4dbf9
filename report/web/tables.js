/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does not move with the calls: hand-over, account, differences, notes. */

function table(caption, columns, rows, kind) {
	if (!rows.length)
		return null;
	/* what is long is folded */
	const folded = rows.length > 40 && caption;
	const made = el("div", { class: "scroll" }, el("table", { class: kind },
		caption && !folded ? el("caption", { class: "soft" }, caption) : null,
		el("thead", {}, el("tr", {}, columns.map((c) => el("th", { scope: "col",
			class: c.startsWith("#") ? "n" : null }, c.replace("#", ""))))),
		el("tbody", {}, rows)));

	return folded ? el("details", {}, el("summary", {}, `${caption} (${count(rows.length, "row")})`), made) : made;
}

function cellsOf(columns, texts) {
	return el("tr", {}, texts.map((text, i) => el("td", { class: columns[i].startsWith("#") ? "n" : null },
		text instanceof Node ? text : String(text ?? ""))));
}

function meter(part, colour) {
	const bar = el("span", { class: "meter" });

	bar.style.width = `${Math.max(0, Math.min(1, part)) * 100}%`;
	if (colour)
		bar.style.background = colour;
	return bar;
}

function zoneTable() {
	const columns = ["node", "zone", "addresses", "#spanned", "#present", "#managed", "#free"];
	const told = new Map(((data.replay && data.replay.handover && data.replay.handover.zones) || [])
		.map((z) => [`${z.node} ${z.name}`, z]));
	const rows = zones.map((z) => {
		const log = told.get(`${z.node} ${z.name}`);
		const pages = (n) => `${thousands(n)} (${size(n * pageSize)})`;
		const row = cellsOf([...columns, "log"], [z.node, z.name,
			el("code", {}, rangeText(z.start_pfn * pageSize, (z.start_pfn + z.spanned_pages) * pageSize)),
			pages(z.spanned_pages), pages(z.present_pages), pages(log ? log.managed : z.managed_pages), pages(z.free_pages)]);

		if (log && log.log)
			row.append(el("td", { class: log.equal ? "good" : "bad" }, log.equal ? "as in the log" : "not as in the log"));
		return row;
	});

	return table("Zones, in pages", told.size ? [...columns, ""] : columns, rows);
}

/* Free blocks: how much of a zone's free memory each order has. */
function blockTable() {
	const orders = Math.max(0, ...zones.map((z) => z.free_blocks.length));

	if (!zones.some((z) => z.free_pages))
		return null;
	return table("Free blocks by order; bars: their part of the zone's free pages",
		["node", "zone", ...Array.from({ length: orders }, (_, i) => String(i))],
		zones.map((z) => el("tr", {}, el("td", {}, String(z.node)), el("td", {}, z.name),
			z.free_blocks.map((nr, order) => el("td", { class: "blocks",
				title: `${thousands(nr)} blocks of ${size(pageSize * 2 ** order)}` },
			nr ? thousands(nr) : "·", nr ? meter(nr * 2 ** order / z.free_pages) : null)))));
}

function checkList(checks) {
	if (!checks)
		return null;
	const findings = checks.findings;

	return el("div", {}, el("h3", {}, "Checks"), findings.length
		? el("ul", { class: "plain" }, findings.map((f) => el("li", { class: "bad" }, `${f.check}: ${f.text}`)))
		: el("p", { class: "good" }, `All ${thousands(checks.made)} checks hold.`));
}

function drawHandover() {
	const handover = data.boot ? data.boot : data.replay && data.replay.handover;
	const parts = [];

	if (data.replay && handover && !handover.made)
		parts.push(el("p", {}, `There was none: ${handover.why_not}`));
	if (data.boot && data.boot.memory_line)
		parts.push(el("p", {}, el("code", {}, data.boot.memory_line)));
	parts.push(zoneTable(), blockTable(), checkList(handover && handover.checks));
	const freed = (data.replay && handover && handover.freed) || [];
	const columns = ["#line", "what", "#pages", "addresses", "where it is known from"];

	parts.push(table("Freed after the hand-over", columns, freed.map((f) => cellsOf(columns, [f.line, f.what,
		thousands(f.pages), f.start === undefined ? "" : rangeText(f.start, f.end), f.how]))));
	show("handover", parts);
}

/* A section is there if there is something in it. */
function show(id, parts) {
	const there = parts.filter(Boolean);

	$(id).hidden = !there.length;
	$(`${id}-body`).replaceChildren(...there);
}

function drawAccount() {
	const columns = ["what", "by", "#size", ""];
	const account = data.boot ? data.boot.account : [], groups = (data.replay && data.replay.groups) || [];
	const most = (list) => Math.max(1, ...list.map((v) => Math.abs(v.bytes)));
	const isTotal = (item) => item.kind === "total";
	/* totals are much more than most of what they lose: the bars of what is lost have a scale of their own */
	const mostTotal = most(account.filter(isTotal)), mostLost = most(account.filter((i) => !isTotal(i)));
	const items = account.map((i) => {
		const bar = isTotal(i) ? meter(i.bytes / mostTotal) : meter(Math.abs(i.bytes) / mostLost, owners.colour(i.what));
		const row = cellsOf(columns, [i.what, i.function || "", size(i.bytes), bar]);

		row.className = isTotal(i) ? "total" : "";
		return row;
	});
	const mostOfGroup = most(groups);
	const purposes = groups.map((g) => cellsOf(columns,
		[g.name, count(g.pieces, "piece"), size(g.bytes), meter(g.bytes / mostOfGroup, owners.colour(g.name))]));

	show("account", [
		table("From the RAM that the firmware tells of to what the page allocator has; bars of totals and of what is lost " +
			"each have their own scale", columns, items, "bars"),
		table("Memory that is allocated at the end, by purpose", columns, purposes, "bars"),
	]);
}

/* A difference's line leads to its call. */
function toLine(line) {
	return el("a", { href: "#timeline", onclick: () => {
		for (let pos = 1; pos <= model.nr; pos++)
			for (const [, run, call] of model.at(pos))
				if (run.calls.line[call] === line) {
					go(pos);
					return;
				}
	} }, String(line));
}

function replayDifferences() {
	const r = data.replay, a = r.allocations;
	const columns = ["#line", "call", "caller", "here", "in the log", "why"];
	const handover = (r.handover && r.handover.differences) || [];

	return [
		el("p", { class: r.holds ? "good" : "bad" }, `${thousands(a.identical)} of ${count(a.all, "allocation")} are where ` +
			`the log has them; ${thousands(r.dumps.equal)} of ${count(r.dumps.all, "dump")} equal.`),
		table("Calls that went otherwise", columns, r.differences.map((d) => cellsOf(columns,
			[toLine(d.line), d.call, d.caller, d.got, d.expected, [d.reason, d.around].filter(Boolean).join("; ")]))),
		table("Figures of the hand-over that differ", ["#line", "what", "here", "in the log"],
			handover.map((d) => cellsOf(["#", "", "", ""], [d.line || "", d.what, d.got, d.expected]))),
		table("Inferred: changes that no line of the log tells", ["#line", "call", ""], r.inferred.map((i) =>
			cellsOf(["#", "", ""], [toLine(i.line), el("code", {}, i.call), i.doubtful ? "only that line shows it" : ""]))),
	];
}

function diffDifferences() {
	const d = data.diff, columns = ["#calls", "what differs", "functions"];
	const values = (caption, list) => table(caption, ["what", `− ${d.a.version}`, `+ ${d.b.version}`],
		list.map((v) => cellsOf(["", "", ""], [v.what || v.test, v.a ?? "–", v.b ?? "–"])));
	const pieces = ["memory", "reserved", "physmem"].map((name) => d.arrays[name] && table(
		`${name} at the end: ${count(d.arrays[name].pieces.length, "piece differs", "pieces differ")}`,
		["addresses", "#size", "− node, flags", "+ node, flags"],
		d.arrays[name].pieces.slice(0, 300).map((p) => cellsOf(["", "#", "", ""], [el("a", { href: "#space",
			onclick: () => { go(model.nr); view.show(p.start, p.start + p.size, 1); } }, rangeText(p.start, p.start + p.size)),
		size(p.size), p.a ? `${node(p.a.node)}, ${p.a.flags}` : "–", p.b ? `${node(p.b.node)}, ${p.b.flags}` : "–"]))));

	return [
		d.equal ? el("p", { class: "good" }, "Nothing differs.") : null,
		table("Calls that differ, by how", columns, d.groups.map((g) => cellsOf(columns, [thousands(g.calls),
			(g.only ? `only ${g.only === "a" ? "−" : "+"} makes it` : g.kinds.join(", ")) + (g.array ? ` (${g.array})` : ""),
			g.names.map((n) => `${n.name} ${n.calls}`).join(", ")]))),
		values("How they ended", d.ends), values("At the end", d.totals), values("Tests", d.tests), ...pieces,
		table("Output", [`− ${d.a.version}`, `+ ${d.b.version}`],
			d.output.map((v) => cellsOf(["", ""], [v.a ?? "–", v.b ?? "–"]))),
	];
}

function drawNotes() {
	const notes = (data.boot && data.boot.notes) || (data.replay && data.replay.handover && data.replay.handover.not_held) || [];
	const unread = (data.replay && data.replay.unread) || [];

	show("notes", [
		notes.length ? el("ul", { class: "plain" }, notes.map((n) => el("li", {}, n))) : null,
		unread.length ? el("h3", {}, "Lines that could not be read") : null,
		unread.length ? el("ul", { class: "plain" }, unread.map((u) => el("li", {}, `line ${u.line}: `, el("code", {}, u.text)))) : null,
		...model.runs.map((run, side) => !run.raw.lines ? el("p", {}, "The kernel's log is too long for a page.")
			: !run.raw.lines.length ? null
				: el("details", {}, el("summary", {}, `The kernel's log${model.isDiff ? " " + "−+"[side] : ""}, ` +
					count(run.raw.lines.length, "line")), el("pre", {}, run.raw.lines.join("\n")))),
	]);
}

function drawTables() {
	drawHandover();
	drawAccount();
	show("differences", data.replay ? replayDifferences() : data.diff ? diffDifferences() : []);
	drawNotes();
}
