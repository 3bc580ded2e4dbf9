/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts it all together: one moment and one view are shown, and everything follows them. */

let due = false, shownPos = -1, shownView = "";

/* Draws what has changed, before the next frame. */
function redraw() {
	if (due)
		return;
	due = true;
	requestAnimationFrame(() => {
		due = false;
		draw();
	});
}

/* To a moment. */
function go(pos) {
	pos = Math.max(0, Math.min(model.nr, pos || 0));
	if (pos === model.pos)
		return;
	model.pos = pos;
	if ($("follow").checked)
		showChange();
	redraw();
}

function draw() {
	const viewKey = `${view.from} ${view.to} ${$("scale").value}`;
	const moved = model.pos !== shownPos, turned = viewKey !== shownView;

	shownPos = model.pos;
	shownView = viewKey;
	if (moved) {
		$("slider").value = $("number").value = model.pos;
		$("slider").setAttribute("aria-valuetext", positionText());
		$("position").textContent = positionText();
		$("moment").textContent = model.pos === model.nr ? "after the last call"
			: model.pos ? `after call ${thousands(model.pos)}` : "before the first call";
		calls.mark();
		curves.draw();
		drawCall();
	}
	drawMap();
	if (moved || turned)
		regions.update();
}

function positionText() {
	const [now] = model.now();

	return now ? `Call ${thousands(model.pos)} of ${thousands(model.nr)}: ${now[1].name(now[2])}`
		: `Before the first of ${count(model.nr, "call")}`;
}

/* The view to what the call changed. */
function showChange() {
	const changed = model.changed(model.pos).filter((c) => c.end < 2 ** 60);

	if (changed.length)
		view.show(Math.min(...changed.map((c) => c.start)), Math.max(...changed.map((c) => c.end)), 3);
}

function nextChange() {
	let pos = model.pos + 1;

	while (pos <= model.nr && !(model.kinds ? model.kinds[pos - 1] : model.changes(pos)))
		pos++;
	if (pos <= model.nr)
		go(pos);
}

function drawLegend() {
	const key = (colour, text) => {
		const box = el("span", { class: "key" });

		box.style.background = colour;
		return el("li", {}, box, text);
	};
	const items = [key(colours.memory, "memory")];

	if (model.runs.some((run) => run.raw.words.some((w) => /nomap/.test(w))))
		items.push(key(colours.nomap, "memory, not mapped"));
	for (const { purpose, bytes } of owners.purposes.slice(0, 10))
		items.push(key(owners.colour(purpose), `${purpose}, ${size(bytes)}`));
	items.push(key(colours.reserved, owners.list.length ? "reserved for something else" : "reserved"),
		key(colours.hole, "neither"), key(colours.added, "added by the call"),
		key(colours.removed, "removed"), key(colours.changed, "changed"));
	$("legend").replaceChildren(...items);
}

/* The head of the page: what it is of, and how it ended. */
function drawHead() {
	const [first, second] = data.runs, kernel = (k) => `${k.version}, ${k.config}`;
	const result = data.boot || data.replay || data.diff;
	const holds = data.diff ? data.diff.equal : result.holds;
	const lastRun = model.runs[model.runs.length - 1], n = lastRun.n;
	const facts = [
		["memory", size(lastRun.bytes[MEMORY][n])], ["reserved", size(lastRun.bytes[RESERVED][n])],
		["regions of memory", thousands(lastRun.rows[MEMORY][n])],
		["regions reserved", thousands(lastRun.rows[RESERVED][n])],
		["calls", thousands(model.nr)],
	];

	if (data.boot) {
		facts.push(["processors", thousands(data.boot.cpus)], ["page size", size(data.boot.page_size)]);
		if (data.boot.sums.freed_pages)
			facts.push(["handed over", size(data.boot.sums.freed_pages * pageSize)]);
	}
	if (zones.length)
		facts.push(["nodes", thousands(new Set(zones.map((z) => z.node)).size)]);
	$("title").textContent = data.title;
	$("subtitle").textContent = second ? `− ${kernel(first.kernel)}; + ${kernel(second.kernel)}`
		: `memblock of ${kernel(first.kernel)}` + (data.boot && data.boot.cmdline ? `; command line: ${data.boot.cmdline}` : "");
	$("verdict").textContent = data.diff ? (holds ? "Nothing differs" : "They differ")
		: first.end ? first.end : holds ? "It holds" : "It does not hold";
	$("verdict").className = holds ? "good" : "bad";
	$("facts").replaceChildren(...facts.map(([what, text]) => el("div", {}, el("dt", {}, what), el("dd", {}, text))));
}

function listenToTools() {
	const on = (id, what) => $(id).addEventListener("click", what);

	on("zoom-in", () => view.zoom(0.5));
	on("zoom-out", () => view.zoom(2));
	on("zoom-all", () => view.set(0, 1));
	on("zoom-change", showChange);
	on("first", () => go(0));
	on("prev", () => go(model.pos - 1));
	on("play", () => player.toggle());
	on("next", () => go(model.pos + 1));
	on("last", () => go(model.nr));
	on("next-change", nextChange);
	on("find-next", () => search.step(true));
	on("find-prev", () => search.step(false));
	$("scale").addEventListener("change", () => view.setScale($("scale").value));
	$("slider").addEventListener("input", () => go(Number($("slider").value)));
	$("number").addEventListener("change", () => go(Number($("number").value)));
	$("only-different").addEventListener("change", () => search.start());
	$("search").addEventListener("input", () => search.start());
	$("search").addEventListener("keydown", (event) => {
		if (event.key === "Enter")
			search.step(!event.shiftKey);
	});
	$("goto").addEventListener("submit", (event) => {
		const address = parseAddress($("address").value);

		event.preventDefault();
		$("address").setAttribute("aria-invalid", Number.isNaN(address));
		if (Number.isNaN(address)) {
			$("pick").textContent = `"${$("address").value}" is not an address.`;
			return;
		}
		view.show(address, address + 65536, 2);
		pick(address);
	});
}

/* Keys that work wherever nothing else takes them. */
function listenToKeys() {
	const keys = {
		p: () => player.toggle(), ",": () => go(model.pos - 1), ".": () => go(model.pos + 1), n: nextChange,
		c: showChange, Home: () => go(0), End: () => go(model.nr),
		"/": () => $("search").focus(),
	};

	document.addEventListener("keydown", (event) => {
		const field = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);

		if (field || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key])
			return;
		event.preventDefault();
		keys[event.key]();
	});
}

function restyle() {
	readColours();
	curves.picture = null;
	shownPos = -1;
	drawLegend();
	drawTables();
	draw();
}

function start() {
	readColours();
	addLanes();
	$("map").style.height = `${4 + 3.2 * lanes.reduce((n, lane) => n + lane.height, 0)}rem`;
	$("slider").max = $("number").max = model.nr;
	$("only-different-label").hidden = !model.isDiff;
	model.pos = model.nr;
	regions.init();
	calls.init();
	curves.init();
	drawHead();
	restyle();
	listenToMap();
	listenToTools();
	listenToKeys();
	curves.listen();
	window.addEventListener("resize", () => {
		curves.picture = null;
		shownPos = -1;
		redraw();
	});
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
	/* paper is light, and shows all rows; a thousand of a list are enough for it */
	window.addEventListener("beforeprint", () => {
		restyle();
		calls.list.draw(true);
		regions.list.draw(true);
	});
	window.addEventListener("afterprint", restyle);
	document.documentElement.dataset.ready = "true";
}

start();
})();
