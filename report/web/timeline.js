/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls, one after the other: curves, the slider, the list, search, and play. */

/* What the curves show: sums of bytes above, numbers of regions and the room for them below. */
const curves = {
	picture: null,
	series: [],

	init() {
		model.runs.forEach((run, side) => {
			const sign = model.isDiff ? "−+"[side] + " " : "", dash = side ? [5, 3] : [];
			const add = (name, colour, values, band, text) =>
				this.series.push({ name: sign + name, colour, values, band, text, side, dash });

			add("memory", "c-memory", run.bytes[MEMORY], 0, size);
			add("reserved", "c-reserved", run.bytes[RESERVED], 1, size);
			add("regions reserved", "c-rows", run.rows[RESERVED], 2, thousands);
			add("room for", "c-room", run.room[RESERVED], 2, thousands);
		});
	},

	x(pos, width) {
		return 8 + pos / Math.max(1, model.nr) * (width - 16);
	},

	/* Drawn once for a size of the window and a scheme of colours. */
	paint(canvas) {
		const g = context(canvas), width = canvas.clientWidth, height = canvas.clientHeight;
		const bands = [[8, height / 3 - 6], [height / 3 + 4, 2 * height / 3 - 6], [2 * height / 3 + 4, height - 6]];

		g.fillStyle = colours.back;
		g.fillRect(0, 0, width, height);
		for (const [from, to] of bands) {
			g.fillStyle = colours.hole;
			g.fillRect(8, from, width - 16, to - from);
		}
		for (const s of this.series) {
			const most = this.most(s.band);

			g.strokeStyle = colours[s.colour];
			g.lineWidth = s.colour === "c-room" ? 1 : 1.6;
			g.setLineDash(s.dash);
			this.line(g, s, bands[s.band], most, width);
		}
		g.setLineDash([]);
		g.lineWidth = 1;
		g.fillStyle = colours.soft;
		["memory", "reserved", "regions"].forEach((name, i) => {
			const most = this.most(i);

			g.fillText(`${name}, up to ${i < 2 ? size(most) : thousands(most)}`, 14, bands[i][0] + 13);
		});
		this.picture = document.createElement("canvas");
		this.picture.width = canvas.width;
		this.picture.height = canvas.height;
		this.picture.getContext("2d").drawImage(canvas, 0, 0);
	},

	most(band) {
		let most = 1;

		for (const s of this.series)
			if (s.band === band)
				for (const v of s.values)
					most = Math.max(most, v);
		return most;
	},

	/* As steps; where there are more moments than pixels, the least and the most of each pixel. */
	line(g, s, [top, bottom], most, width) {
		const y = (v) => bottom - 2 - v / most * (bottom - top - 16);
		const done = model.done[s.side], perPixel = Math.max(1, Math.floor(model.nr / (2 * width)));

		g.beginPath();
		for (let pos = 0; pos <= model.nr; pos += perPixel) {
			let low = Infinity, high = -Infinity;

			for (let i = pos; i < Math.min(pos + perPixel, model.nr + 1); i++) {
				low = Math.min(low, s.values[done[i]]);
				high = Math.max(high, s.values[done[i]]);
			}
			const x = this.x(pos, width);

			if (!pos)
				g.moveTo(x, y(high));
			else if (perPixel === 1)
				g.lineTo(x, y(s.values[done[pos - 1]]));
			g.lineTo(x, y(high));
			if (low !== high)
				g.lineTo(x, y(low));
		}
		g.stroke();
	},

	draw() {
		const canvas = $("curves"), ratio = window.devicePixelRatio || 1;

		if (!this.picture || this.picture.width !== Math.round(canvas.clientWidth * ratio))
			this.paint(canvas);
		const g = context(canvas), width = canvas.clientWidth;

		g.setTransform(1, 0, 0, 1, 0, 0);
		g.drawImage(this.picture, 0, 0);
		g.setTransform(ratio, 0, 0, ratio, 0, 0);
		g.fillStyle = colours.cursor;
		g.fillRect(this.x(model.pos, width) - 0.75, 2, 1.5, canvas.clientHeight - 4);
		$("curve-legend").replaceChildren(...this.series.map((s) => {
			const key = el("span", { class: "key" });

			key.style.background = colours[s.colour];
			return el("li", {}, key, `${s.name}: ${s.text(s.values[model.done[s.side][model.pos]])}`);
		}));
	},

	listen() {
		const canvas = $("curves");
		const to = (event) => {
			const box = canvas.getBoundingClientRect();

			go(Math.round((event.clientX - box.left - 8) / (box.width - 16) * model.nr));
		};

		canvas.addEventListener("pointerdown", (event) => {
			canvas.setPointerCapture(event.pointerId);
			to(event);
		});
		canvas.addEventListener("pointermove", (event) => {
			if (event.buttons & 1)
				to(event);
		});
	},
};

/* Which moments match, and are in the list. */
const search = {
	matches: null,	/* moments in order; null: nothing is asked for, and all are shown */
	texts: [],

	text(pos) {
		return this.texts[pos] ||= model.text(pos).toLowerCase();
	},

	/* Does what the moment changes have something of the address? */
	touches(pos, address) {
		return model.changed(pos).some((c) => c.start <= address && address < c.end);
	},

	start() {
		const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
		const different = $("only-different").checked;
		const tests = words.map((word) => {
			const address = word.startsWith("at:") ? parseAddress(word.slice(3)) : NaN;

			return Number.isNaN(address) ? (pos) => this.text(pos).includes(word)
				: (pos) => this.touches(pos, address);
		});

		this.matches = null;
		if (words.length || different) {
			this.matches = [];
			for (let pos = 1; pos <= model.nr; pos++)
				if ((!different || model.kinds[pos - 1]) && tests.every((test) => test(pos)))
					this.matches.push(pos);
		}
		$("matches").textContent = this.matches ? `${count(this.matches.length, "call")} of ${thousands(model.nr)}` : "";
		calls.list.set(this.matches ? this.matches.length : model.nr);
		calls.mark();
	},

	/* To the next match, or the one before. */
	step(forward) {
		const list = this.matches;

		if (!list || !list.length)
			return;
		const at = lowerBound(list, model.pos);
		const next = forward ? (list[at] === model.pos ? at + 1 : at) : at - 1;

		go(list[(next + list.length) % list.length]);
	},
};

/* The list of calls. */
const calls = {
	init() {
		const columns = [
			{ title: "call", width: "4.5rem", right: true },
			{ title: "line", width: "4rem", right: true },
			{ title: "function", width: "15rem" }, { title: "arguments", width: "24rem" },
			{ title: "result", width: "9rem" }, { title: "caller", width: "14rem" },
		];

		this.list = new List($("calls"), "Calls", columns, (i) => this.cells(this.pos(i)), (i) => go(this.pos(i)),
			model.kinds ? (i) => model.kinds[this.pos(i) - 1] : null);
		this.list.set(model.nr);
	},

	pos(i) {
		return search.matches ? search.matches[i] : i + 1;
	},

	cells(pos) {
		const all = model.at(pos), [, run, call] = all[0];
		const sign = model.isDiff && all.length === 1 ? "−+"[all[0][0]] + " " : "";
		const c = run.calls;

		return [thousands(pos), c.line[call] || "", sign + run.name(call), c.args[call], c.result[call],
			run.word(c.caller[call])].map(String);
	},

	/* Marks the moment that is shown, if it is in the list. */
	mark() {
		const { matches } = search;
		const at = matches ? lowerBound(matches, model.pos) : model.pos - 1;

		this.list.select(matches && matches[at] !== model.pos ? -1 : at);
	},
};

/* Plays the calls, as many a second as is asked for, until the end. */
const player = {
	timer: 0,
	since: 0,
	rest: 0,

	toggle() {
		if (this.timer) {
			this.stop();
			return;
		}
		if (model.pos === model.nr)
			go(0);
		this.since = performance.now();
		this.rest = 0;
		this.timer = requestAnimationFrame((now) => this.frame(now));
		this.show();
	},

	stop() {
		cancelAnimationFrame(this.timer);
		this.timer = 0;
		this.show();
		/* what was left out while it ran is told now */
		redraw();
	},

	show() {
		$("play").textContent = this.timer ? "❚❚ Pause" : "▶ Play";
		$("play").setAttribute("aria-pressed", Boolean(this.timer));
		$("call").setAttribute("aria-live", this.timer ? "off" : "polite");
	},

	frame(now) {
		const due = this.rest + (now - this.since) / 1000 * Number($("speed").value);
		const steps = Math.floor(due);

		this.since = now;
		this.rest = due - steps;
		if (steps)
			go(Math.min(model.nr, model.pos + steps));
		if (model.pos >= model.nr)
			this.stop();
		else
			this.timer = requestAnimationFrame((next) => this.frame(next));
	},
};
