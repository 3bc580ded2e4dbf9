/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that is known of the call that is shown: what it was asked, gave and changed, and why it landed there. */

const REFUSED = {
	size: "too small", align: "too small once aligned", limit: "large enough, but outside the limits",
	node: "of another node", flags: "kept out of: hotplugged, not mirrored or not mapped",
};
const PASSES = {
	node: "",
	"any-node": "The node has no room within the limits, so any other may give it. ",
	"below-minimum": "There is no room above the minimum, so it may be below. ",
};

function argumentTable(run, call) {
	const c = run.calls, names = run.word(c.arg_names[call]).split(" ").filter(Boolean);
	const values = c.args[call].match(/"(?:[^"\\]|\\.)*"|\S+/g) || [];

	if (!names.length || names.length !== values.length)
		return values.length ? el("p", { class: "mono" }, c.args[call]) : null;
	return el("table", {}, el("tbody", {}, names.map((name, i) => {
		const n = /^0x[0-9a-f]+$/.test(values[i]) ? Number(values[i]) : NaN;
		const plain = n > 0xffff && n < 2 ** 53 ? ` (${size(n)})` : "";

		return el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "a" }, values[i] + plain));
	})));
}

function changeTable(run, call) {
	const changed = run.changed(call);

	if (!changed.length)
		return el("p", { class: "soft" }, run.calls.changes[call]
			? "The same addresses as before, in other rows." : "Nothing changed in memblock's arrays.");
	const word = (r) => r < 0 ? "–" : `node ${node(run.nid[r])}, ${run.word(run.flags[r])}`;
	const rows = changed.slice(0, 200).map((c) => el("tr", {},
		el("td", {}, TYPE_NAMES[c.type]), el("td", {}, c.kind), el("td", { class: "a" }, el("a", { href: "#space",
			onclick: () => view.show(c.start, c.end, 1) }, rangeText(c.start, c.end))),
		el("td", { class: "n" }, size(c.end - c.start)), el("td", {}, word(c.was < 0 ? c.is : c.was) +
			(c.kind === "changed" ? ` → ${word(c.is)}` : ""))));

	return el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {},
		["array", "", "addresses", "size", ""].map((t) => el("th", { scope: "col" }, t)))), el("tbody", {}, rows)),
		changed.length > 200 ? el("p", { class: "soft" }, `and ${thousands(changed.length - 200)} more`) : null);
}

/* Why an allocation is where it is. */
function placeText(run, call) {
	const p = run.place.get(call);

	if (!p)
		return null;
	const [, bytes, align, min, max, nid, bottomUp, got, pass, gapStart, gapEnd, refused] = p;
	const within = max === null ? `from ${hex(min)} on` : `within ${rangeText(min, max)}`;
	const asked = `Asked for ${size(bytes)}, aligned to ${size(align)}, ${within}, ` +
		`${nid < 0 ? "on any node" : `on node ${nid}`}, ${bottomUp ? "from the bottom up" : "from the top down"}. `;

	if (pass === null)
		return el("div", {}, el("h3", {}, "Why there"), el("p", {}, asked +
			"The plain search does not lead there: something else than these arguments had a say."));
	const verdict = got === null ? "No free piece would do. "
		: `It is in the first free piece that would do, ${rangeText(gapStart, gapEnd)}, ${size(gapEnd - gapStart)}: ` +
		`${hex(got)} is its ${bottomUp ? "lowest" : "highest"} fit. `;

	return el("div", {}, el("h3", {}, "Why there"), el("p", {}, asked + PASSES[data.passes[pass]] + verdict),
		refused.length ? el("p", {}, "Free pieces that were passed over before:") : el("p", {}, "Nothing was passed over."),
		el("ul", { class: "plain" }, refused.map(([why, nr, start, length]) => el("li", {},
			`${thousands(nr)} ${REFUSED[data.refused[why]]}; the largest ${rangeText(start, start + length)}, ${size(length)}`))));
}

function logOf(run, call) {
	const lines = run.logOf.get(call);

	return lines ? el("div", {}, el("h3", {}, "The kernel's log during it"),
		el("pre", {}, run.raw.lines.slice(...lines).join("\n"))) : null;
}

function purposeOf(run, call) {
	const c = run.changed(call).find((change) => change.type === RESERVED && change.kind === "added");
	const o = c && !model.isDiff && owners.at(c.start, run.calls.line[call] || 0);

	return o ? o.purpose : null;
}

function kindWords(pos) {
	const bits = model.kinds ? model.kinds[pos - 1] : 0;

	return data.kinds ? data.kinds.filter((_, i) => bits & 1 << i) : [];
}

function describe([side, run, call]) {
	const c = run.calls, purpose = purposeOf(run, call);
	const facts = [
		["result", c.result[call] || "none", run.ended.has(call) ? "bad" : null],
		["caller", run.word(c.caller[call])], ["step of the boot", run.word(c.step[call])],
		["line of the log", c.line[call] || ""], ["for", purpose],
	].filter((f) => f[1]);

	return [
		el("h3", {}, model.isDiff ? `${"−+"[side]} ${run.raw.kernel.version}: ` : "", el("code", {}, run.name(call)),
			model.isDiff ? ` (call ${thousands(call + 1)})` : ""),
		argumentTable(run, call),
		el("table", {}, el("tbody", {}, facts.map(([what, text, kind]) => el("tr", {},
			el("th", { scope: "row" }, what), el("td", { class: kind ? `a ${kind}` : "a" }, String(text)))))),
		changeTable(run, call), placeText(run, call), logOf(run, call),
	];
}

function drawCall() {
	const now = model.now();
	const kinds = model.pos ? kindWords(model.pos) : [];

	if (!now.length) {
		$("call").replaceChildren(el("p", { class: "soft" },
			"Before the first call. Move the slider, or choose a call in the list."));
		return;
	}
	$("call").replaceChildren(
		...(model.isDiff ? [el("p", { class: kinds.length ? "bad" : "good" }, kinds.length
			? `Differs in: ${kinds.join(", ")}` : "The same on both sides")] : []),
		...now.flatMap(describe).filter(Boolean));
}
