/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The map: lanes of ranges over one scale, drawn on a canvas. */

const view = {
	scale: scales("folded"),
	from: 0, to: 1,		/* of the scale */

	get start() { return this.scale.toAddress(this.from); },
	get end() { return this.scale.toAddress(this.to); },

	/* Shows addresses, with a margin; no less than a page. */
	show(start, end, margin = 0) {
		let from = this.scale.toPlace(start), to = this.scale.toPlace(end);
		const extra = (to - from) * margin;

		from -= extra;
		to += extra;
		this.set(from, to);
	},

	set(from, to) {
		const least = Math.max(1e-13, this.leastWidth((from + to) / 2));

		if (to - from < least) {
			const middle = (from + to) / 2;

			from = middle - least / 2;
			to = middle + least / 2;
		}
		const width = Math.min(1, to - from);

		this.from = Math.min(Math.max(0, from), 1 - width);
		this.to = this.from + width;
		redraw();
	},

	/* Of a page, at a place. */
	leastWidth(place) {
		const at = this.scale.toAddress(place);

		return Math.abs(this.scale.toPlace(at + 4096) - this.scale.toPlace(at));
	},

	zoom(factor, place = (this.from + this.to) / 2) {
		this.set(place - (place - this.from) * factor, place + (this.to - place) * factor);
	},

	move(part) {
		const by = (this.to - this.from) * part;

		this.set(this.from + by, this.to + by);
	},

	setScale(name) {
		const { start, end } = this, all = this.from === 0 && this.to === 1;

		this.scale = scales(name);
		if (all)
			this.set(0, 1);
		else
			this.show(start, end);
	},
};

const colours = {};

function readColours() {
	const style = getComputedStyle(document.documentElement);
	const get = (name) => style.getPropertyValue("--" + name).trim();

	for (const name of ["back", "panel", "line", "text", "soft", "hole", "memory", "reserved", "nomap", "cursor",
		"added", "removed", "changed", "c-memory", "c-reserved", "c-rows", "c-room", "f-ram", "f-other"])
		colours[name] = get(name);
	colours.owners = Array.from({ length: 10 }, (_, i) => get("o" + i));
	colours.nodes = Array.from({ length: 8 }, (_, i) => get("n" + i));
}

/* Owners: what reserved memory is for. The purposes that have most have colours of their own. */
const owners = (() => {
	const list = data.owners.map(([start, length, purpose, by, from, freed, nid]) =>
		({ start, end: start + length, purpose: purpose < 0 ? "unknown" : data.owner_texts[purpose],
			by: data.owner_texts[by], from, freed, nid }))
		.sort((a, b) => a.start - b.start);
	const sums = new Map();

	for (const o of list)
		if (!o.freed)
			sums.set(o.purpose, (sums.get(o.purpose) || 0) + o.end - o.start);
	const purposes = [...sums].sort((a, b) => b[1] - a[1]).map(([purpose, bytes]) => ({ purpose, bytes }));
	const index = new Map(purposes.slice(0, 10).map(({ purpose }, i) => [purpose, i]));
	/* the furthest end of those before each, to know where to begin to look */
	const reach = new Float64Array(list.length);

	list.forEach((o, i) => { reach[i] = Math.max(o.end, i ? reach[i - 1] : 0); });
	return {
		list, purposes,
		colour(purpose) {
			/* the account adds up some purposes under a longer name */
			const i = index.get(purpose) ?? index.get(purposes.map((p) => p.purpose).find((p) => purpose.startsWith(p)));

			return i === undefined ? colours.reserved : colours.owners[i];
		},
		alive: (o, line) => o.from <= line && (!o.freed || o.freed > line) || (!o.from && !o.freed),
		/* Those that have something of the range, whenever. */
		within(start, end) {
			const found = [];
			let i = lowerBound(reach, start + 1);

			for (; i < list.length && list[i].start < end; i++)
				if (list[i].end > start)
					found.push(list[i]);
			return found;
		},
		at(address, line) {
			return this.within(address, address + 1).find((o) => this.alive(o, line));
		},
	};
})();

function lowerBound(sorted, v) {
	let lo = 0, hi = sorted.length;

	while (lo < hi) {
		const mid = (lo + hi) >> 1;

		if (sorted[mid] < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const zones = (data.boot ? data.boot.zones : data.zones || []).filter((z) => z.spanned_pages);
const pageSize = (data.boot ? data.boot.page_size : data.page_size) || 4096;

/* The lanes: name, and who draws it. */
const lanes = [];

function addLanes() {
	const rows = (side, type, colour) => (paint) => {
		const run = model.runs[side], list = model.state(side)[type];

		paint.ranges(list.length, (i) => run.start[list[i]], (i) => run.end[list[i]],
			(i) => colour(run, list[i]));
	};
	const memory = (run, r) => /nomap/.test(run.word(run.flags[r])) ? colours.nomap : colours.memory;
	const nodes = (run, r) => run.nid[r] < 0 ? colours.memory : colours.nodes[run.nid[r] % 8];
	const reserved = () => colours.reserved;

	if (data.firmware.length)
		lanes.push({ name: "firmware", height: 0.7, draw: drawFirmware });
	if (zones.length)
		lanes.push({ name: "zones", height: 0.9, draw: drawZones });
	model.runs.forEach((run, side) => {
		const sign = model.isDiff ? "−+"[side] + " " : "";
		const numa = run.nid.some((nid) => nid > 0);

		if (numa)
			lanes.push({ name: sign + "nodes", height: 0.8, draw: rows(side, MEMORY, nodes), labels: side });
		lanes.push({ name: sign + "memory", height: 1.1, draw: rows(side, MEMORY, memory), side, type: MEMORY });
		lanes.push({ name: sign + "reserved", height: 1.3, side, type: RESERVED, draw: (paint) => {
			rows(side, RESERVED, reserved)(paint);
			drawOwners(paint, side);
		} });
	});
	if (model.isDiff)
		lanes.push({ name: "they differ", height: 0.7, draw: drawDifference });
}

function drawFirmware(paint) {
	for (const [start, length, type, words] of data.firmware)
		paint.range(start, start + length, type === "ram" || /usable|system ram/i.test(words)
			? colours["f-ram"] : colours["f-other"], words);
}

function drawZones(paint) {
	const byName = new Map();

	for (const z of zones) {
		const i = byName.get(z.name) ?? byName.size;

		byName.set(z.name, i);
		paint.range(z.start_pfn * pageSize, (z.start_pfn + z.spanned_pages) * pageSize,
			[colours.nodes[4], colours.nodes[2], colours.nodes[0], colours.nodes[6], colours.nodes[5]][i % 5],
			z.name + (zones.some((o) => o.node) ? " " + z.node : ""));
	}
}

/* What is reserved, in the colours of its owners. */
function drawOwners(paint, side) {
	const run = model.runs[side], list = model.state(side)[RESERVED], line = model.line();
	const shown = owners.within(view.start, view.end).filter((o) => owners.alive(o, line));
	let i = 0;

	for (const o of shown) {
		while (i < list.length && run.end[list[i]] <= o.start)
			i++;
		for (let j = i; j < list.length && run.start[list[j]] < o.end; j++)
			paint.range(Math.max(o.start, run.start[list[j]]), Math.min(o.end, run.end[list[j]]),
				owners.colour(o.purpose));
	}
}

function drawDifference(paint) {
	for (const type of [MEMORY, RESERVED])
		compareRows(model.runs[0], model.state(0)[type], model.runs[1], model.state(1)[type],
			(start, end, a, b) => paint.range(start, end,
				colours[a < 0 ? "added" : b < 0 ? "removed" : "changed"]));
}

/* Draws ranges of one lane; many in one pixel are drawn once. */
class Paint {
	constructor(g, left, width, top, height) {
		Object.assign(this, { g, left, width, top, height, at: -1, wide: 0, colour: "" });
	}

	x(address) {
		return this.left + (view.scale.toPlace(address) - view.from) / (view.to - view.from) * this.width;
	}

	range(start, end, colour, label) {
		const right = this.left + this.width;
		const from = this.x(start), to = this.x(end);

		if (to <= this.left || from >= right)
			return;
		const x = Math.max(this.left, Math.floor(from)), width = Math.max(1, Math.min(right, to) - x);

		/* of what is a pixel wide, those side by side are one */
		if (width <= 1 && colour === this.colour && x <= this.at + this.wide && x >= this.at) {
			this.wide = x + 1 - this.at;
			return;
		}
		this.flush();
		this.colour = colour;
		this.at = x;
		this.wide = width;
		if (label && width > 7 * label.length + 8) {
			this.flush();
			this.g.fillStyle = colours.text;
			this.g.fillText(label, x + 4, this.top + this.height / 2 + 4);
		} else if (width > 1) {
			this.flush();
		}
	}

	/* What is not drawn yet; to be called at the end. */
	flush() {
		if (!this.wide)
			return;
		this.g.fillStyle = this.colour;
		this.g.fillRect(this.at, this.top, this.wide > 3 ? this.wide - 0.5 : this.wide, this.height);
		this.wide = 0;
	}

	/* Sorted ones, of which only those in view are looked at. */
	ranges(nr, start, end, colour) {
		const from = view.start, to = view.end;
		let lo = 0, hi = nr;

		while (lo < hi) {
			const mid = (lo + hi) >> 1;

			if (end(mid) <= from)
				lo = mid + 1;
			else
				hi = mid;
		}
		for (let i = lo; i < nr && start(i) < to; i++)
			this.range(start(i), end(i), colour(i));
	}
}

/* A canvas in the pixels of the screen; its context, in CSS pixels. */
function context(canvas) {
	const ratio = window.devicePixelRatio || 1;
	const width = canvas.clientWidth, height = canvas.clientHeight;

	if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
		canvas.width = Math.round(width * ratio);
		canvas.height = Math.round(height * ratio);
	}
	const g = canvas.getContext("2d");

	g.setTransform(ratio, 0, 0, ratio, 0, 0);
	g.font = "12px system-ui, 'DejaVu Sans', sans-serif";
	return g;
}

const MAP_LEFT = 86, MAP_RIGHT = 10, AXIS = 30;

function drawAxis(g, width, height) {
	const paint = new Paint(g, MAP_LEFT, width - MAP_LEFT - MAP_RIGHT, 0, height);
	let free = MAP_LEFT - 40;

	g.strokeStyle = colours.line;
	for (const [start, end] of view.scale.holes) {
		const from = Math.max(MAP_LEFT, paint.x(start)), to = Math.min(width - MAP_RIGHT, paint.x(end));

		if (to - from > 6) {
			g.fillStyle = colours.soft;
			g.textAlign = "center";
			g.fillText(to - from > 70 ? `⋯ ${size(end - start)} ⋯` : "⋯", (from + to) / 2, height - 2);
		}
	}
	g.textAlign = "center";
	for (let i = 0; i <= paint.width / 24; i++) {
		const x = MAP_LEFT + 24 * i, place = (p) => view.from + (p - MAP_LEFT) / paint.width * (view.to - view.from);
		const fine = (view.scale.toAddress(place(x + 24)) - view.scale.toAddress(place(x))) || 1;
		const step = 2 ** Math.ceil(Math.log2(fine));
		const address = Math.ceil(view.scale.toAddress(place(x)) / step) * step, at = paint.x(address);
		const label = Number.isInteger(Number(size(address).split(" ")[0])) && address ? size(address) : hex(address);
		const half = g.measureText(label).width / 2 + 9;

		if (at - half < free || at > width - MAP_RIGHT + 1)
			continue;
		free = at + half;
		g.fillStyle = colours.soft;
		g.fillText(label, Math.min(at, width - half + 6), height - 16);
		g.beginPath();
		g.moveTo(at, 0);
		g.lineTo(at, height - AXIS + 3);
		g.stroke();
	}
	g.textAlign = "left";
}

/* What the call changed, around its lanes. */
function drawChanges(g, tops, width) {
	for (const c of model.changed(model.pos)) {
		const lane = tops.find((t) => t.side === c.side && t.type === c.type);

		if (!lane)
			continue;
		const paint = new Paint(g, MAP_LEFT, width - MAP_LEFT - MAP_RIGHT, 0, 0);
		const from = Math.max(MAP_LEFT, paint.x(c.start)), to = Math.min(width - MAP_RIGHT, paint.x(c.end));

		if (to < MAP_LEFT || from > width - MAP_RIGHT)
			continue;
		g.strokeStyle = g.fillStyle = colours[c.kind];
		g.lineWidth = 2;
		g.strokeRect(from - 1, lane.top - 1, Math.max(2, to - from) + 2, lane.height + 2);
		g.lineWidth = 1;
		g.beginPath();
		g.moveTo((from + to) / 2, lane.top - 2);
		g.lineTo((from + to) / 2 - 5, lane.top - 9);
		g.lineTo((from + to) / 2 + 5, lane.top - 9);
		g.fill();
	}
}

function drawMap() {
	const canvas = $("map"), g = context(canvas);
	const width = canvas.clientWidth, height = canvas.clientHeight;
	const gap = 10, sum = lanes.reduce((n, lane) => n + lane.height, 0);
	const unit = (height - AXIS - 8 - gap * lanes.length) / sum;
	const tops = [];
	let top = 10;

	g.fillStyle = colours.back;
	g.fillRect(0, 0, width, height);
	drawAxis(g, width, height);
	for (const lane of lanes) {
		const high = lane.height * unit;
		const paint = new Paint(g, MAP_LEFT, width - MAP_LEFT - MAP_RIGHT, top, high);

		g.fillStyle = colours.hole;
		g.fillRect(MAP_LEFT, top, paint.width, high);
		g.fillStyle = colours.soft;
		g.textAlign = "right";
		g.fillText(lane.name, MAP_LEFT - 8, top + high / 2 + 4);
		g.textAlign = "left";
		lane.draw(paint);
		paint.flush();
		tops.push({ top, height: high, side: lane.side, type: lane.type });
		top += high + gap;
	}
	drawChanges(g, tops, width);
	$("view").textContent = `In view: ${rangeText(Math.floor(view.start), Math.ceil(view.end))}, ` +
		`${size(Math.ceil(view.end) - Math.floor(view.start))}` +
		(view.from === 0 && view.to === 1 ? ", the whole machine" : "");
}

/* What is at an address, in words: [[what, text]]. */
function whatIsAt(address) {
	const out = [], line = model.line();

	for (const [start, length, , words] of data.firmware)
		if (address >= start && address < start + length)
			out.push(["firmware", `${words}, ${rangeText(start, start + length)}`]);
	for (const z of zones)
		if (address >= z.start_pfn * pageSize && address < (z.start_pfn + z.spanned_pages) * pageSize)
			out.push(["zone", `${z.name} of node ${z.node}`]);
	model.runs.forEach((run, side) => {
		for (const type of [MEMORY, RESERVED, 3]) {
			const r = run.find(model.state(side)[type], address);

			if (r >= 0)
				out.push([(model.isDiff ? "−+"[side] + " " : "") + TYPE_NAMES[type],
					`${rangeText(run.start[r], run.end[r])}, ${size(run.end[r] - run.start[r])}, ` +
					`node ${node(run.nid[r])}, flags ${run.word(run.flags[r])}`]);
		}
		if (!model.isDiff && run.find(model.state(side)[RESERVED], address) >= 0) {
			const o = owners.at(address, line);

			out.push(["for", o ? `${o.purpose}, by ${o.by || "unknown"}` : "nobody knows (any more)"]);
		}
	});
	if (!out.some(([what]) => /memory|reserved/.test(what)))
		out.push(["hole", "neither memory nor reserved"]);
	return out;
}

function mapAddress(event) {
	const box = $("map").getBoundingClientRect();
	const part = (event.clientX - box.left - MAP_LEFT) / (box.width - MAP_LEFT - MAP_RIGHT);

	return part < 0 || part > 1 ? NaN : Math.floor(view.scale.toAddress(view.from + part * (view.to - view.from)));
}

function showTip(event) {
	const tip = $("tip"), address = mapAddress(event), box = $("map").getBoundingClientRect();

	if (Number.isNaN(address)) {
		tip.style.display = "none";
		return;
	}
	tip.textContent = `${hex(address)} (${size(address)})\n` +
		whatIsAt(address).map(([what, text]) => `${what}: ${text}`).join("\n");
	tip.style.display = "block";
	const x = event.clientX - box.left;

	tip.style.left = `${Math.max(0, Math.min(x + 12, box.width - tip.offsetWidth - 4))}px`;
	tip.style.top = `${Math.min(event.clientY - box.top + 18, box.height + 6)}px`;
}

/* Chooses an address: what is there, and the calls that touched it. */
function pick(address) {
	const box = $("pick");
	const touched = () => {
		$("search").value = `at:${hex(address)}`;
		search.start();
		$("timeline").scrollIntoView();
	};

	box.replaceChildren(
		el("h3", {}, `At ${hex(address)} (${size(address)}), `, $("moment").textContent),
		el("table", {}, el("tbody", {}, whatIsAt(address).map(([what, text]) =>
			el("tr", {}, el("th", { scope: "row" }, what), el("td", { class: "a" }, text))))),
		el("button", { type: "button", onclick: touched }, "Calls that changed this address"), " ",
		el("button", { type: "button", onclick: () => box.replaceChildren() }, "Close"));
}

function listenToMap() {
	const canvas = $("map");
	let drag = null, moved = false;

	canvas.addEventListener("wheel", (event) => {
		const address = mapAddress(event);

		event.preventDefault();
		if (Math.abs(event.deltaX) > Math.abs(event.deltaY))
			view.move(event.deltaX / 1000);
		else if (!Number.isNaN(address))
			view.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300))), view.scale.toPlace(address));
	}, { passive: false });
	canvas.addEventListener("pointerdown", (event) => {
		drag = { x: event.clientX, from: view.from, to: view.to };
		moved = false;
		canvas.setPointerCapture(event.pointerId);
	});
	canvas.addEventListener("pointermove", (event) => {
		showTip(event);
		if (!drag)
			return;
		moved ||= Math.abs(event.clientX - drag.x) > 3;
		const by = (drag.x - event.clientX) / (canvas.clientWidth - MAP_LEFT - MAP_RIGHT) * (drag.to - drag.from);

		if (moved)
			view.set(drag.from + by, drag.to + by);
	});
	canvas.addEventListener("pointerup", (event) => {
		if (drag && !moved && !Number.isNaN(mapAddress(event)))
			pick(mapAddress(event));
		drag = null;
	});
	canvas.addEventListener("pointerleave", () => { $("tip").style.display = "none"; });
	canvas.addEventListener("dblclick", (event) => {
		if (!Number.isNaN(mapAddress(event)))
			view.zoom(0.25, view.scale.toPlace(mapAddress(event)));
	});
	canvas.addEventListener("keydown", (event) => {
		const keys = {
			"+": () => view.zoom(0.5), "=": () => view.zoom(0.5), "-": () => view.zoom(2),
			"0": () => view.set(0, 1), ArrowLeft: () => view.move(-0.2), ArrowRight: () => view.move(0.2),
			Enter: () => pick(Math.floor((view.start + view.end) / 2)),
		};

		if (!event.ctrlKey && !event.metaKey && keys[event.key]) {
			keys[event.key]();
			event.preventDefault();
		}
	});
}
