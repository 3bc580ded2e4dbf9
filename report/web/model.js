/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was recorded, and memblock's arrays at any moment. Changes are kept as they are in the data, with what they
 * take away beside what they bring, so that they can be made and unmade; every few hundred calls a copy is kept, so that
 * a jump costs no more than these.
 */

const MEMORY = 1, RESERVED = 2, NR_TYPES = 4;
const TYPE_NAMES = ["", "memory", "reserved", "physmem"];

/* @list with @gone elements at @at replaced. */
function splice(list, at, gone, come) {
	if (come.length < 1000)
		list.splice(at, gone, ...come);
	else
		return list.slice(0, at).concat(Array.from(come), list.slice(at + gone));
	return list;
}

class Run {
	constructor(raw) {
		this.raw = raw;
		this.calls = raw.calls;
		this.n = raw.calls.name.length;
		this.readChanges(raw.changes);
		this.walk();
		this.place = new Map(raw.places.map((p) => [p[0], p]));
		this.ended = new Set(raw.ended);
		this.logOf = new Map(raw.call_lines.map(([call, from, nr]) => [call, [from, from + nr]]));
		this.applied = this.n;
	}

	readChanges(flat) {
		const first = this.first = new Int32Array(this.n + 1);
		let nr = 0, rows = 0, gone = 0;

		for (let i = 0; i < this.n; i++)
			first[i + 1] = first[i] + this.calls.changes[i];
		for (let i = 0; i < flat.length; i += 4 + 4 * flat[i + 3], nr++) {
			gone += flat[i + 2];
			rows += flat[i + 3];
		}
		this.type = new Uint8Array(nr);
		this.at = new Int32Array(nr);
		this.comeFirst = new Int32Array(nr + 1);
		this.goneFirst = new Int32Array(nr + 1);
		this.gone = new Int32Array(gone);
		this.start = new Float64Array(rows);
		this.end = new Float64Array(rows);
		this.flags = new Int32Array(rows);
		this.nid = new Int32Array(rows);
		for (let i = 0, c = 0, r = 0; i < flat.length; c++) {
			this.type[c] = flat[i];
			this.at[c] = flat[i + 1];
			this.goneFirst[c + 1] = this.goneFirst[c] + flat[i + 2];
			this.comeFirst[c + 1] = this.comeFirst[c] + flat[i + 3];
			i += 4;
			for (; r < this.comeFirst[c + 1]; r++, i += 4) {
				this.start[r] = flat[i];
				this.end[r] = flat[i] + flat[i + 1];
				this.flags[r] = flat[i + 2];
				this.nid[r] = flat[i + 3];
			}
		}
		this.ids = Int32Array.from({ length: rows }, (_, i) => i);
	}

	/* Once through all of it: what changes take away, sums, and the copies. */
	walk() {
		const state = this.state = [[], [], [], []];
		const bytes = this.bytes = [], rows = this.rows = [], room = this.room = [];

		this.every = Math.max(64, Math.ceil(this.n / 400));
		this.copies = [];
		for (let t = 0; t < NR_TYPES; t++) {
			bytes.push(new Float64Array(this.n + 1));
			rows.push(new Int32Array(this.n + 1));
			room.push(new Int32Array(this.n + 1));
		}
		for (const [call, type, max] of this.raw.room)
			room[type][call + 1] = max;
		for (let call = 0; call <= this.n; call++) {
			if (call % this.every === 0)
				this.copies.push(state.map((list) => Int32Array.from(list)));
			if (call === this.n)
				break;
			for (let t = 1; t < NR_TYPES; t++) {
				bytes[t][call + 1] = bytes[t][call];
				room[t][call + 1] ||= room[t][call];
			}
			for (let c = this.first[call]; c < this.first[call + 1]; c++)
				this.learn(state, c, call + 1);
			for (let t = 1; t < NR_TYPES; t++)
				rows[t][call + 1] = state[t].length;
		}
	}

	learn(state, c, upTo) {
		const t = this.type[c], list = state[t], at = this.at[c], sum = this.bytes[t];
		const nr = this.goneFirst[c + 1] - this.goneFirst[c];

		for (let i = 0; i < nr; i++) {
			const r = list[at + i];

			this.gone[this.goneFirst[c] + i] = r;
			sum[upTo] -= this.end[r] - this.start[r];
		}
		for (let r = this.comeFirst[c]; r < this.comeFirst[c + 1]; r++)
			sum[upTo] += this.end[r] - this.start[r];
		state[t] = splice(list, at, nr, this.come(c));
	}

	come(c) {
		return this.ids.subarray(this.comeFirst[c], this.comeFirst[c + 1]);
	}

	went(c) {
		return this.gone.subarray(this.goneFirst[c], this.goneFirst[c + 1]);
	}

	/* The arrays as they are when @calls were made. */
	seek(calls) {
		const copy = Math.floor(calls / this.every);

		if (Math.abs(calls - this.applied) > calls - copy * this.every) {
			this.state = this.copies[copy].map((list) => Array.from(list));
			this.applied = copy * this.every;
		}
		while (this.applied < calls) {
			for (let c = this.first[this.applied]; c < this.first[this.applied + 1]; c++) {
				const t = this.type[c], went = this.goneFirst[c + 1] - this.goneFirst[c];

				this.state[t] = splice(this.state[t], this.at[c], went, this.come(c));
			}
			this.applied++;
		}
		while (this.applied > calls) {
			this.applied--;
			for (let c = this.first[this.applied + 1]; c-- > this.first[this.applied];) {
				const t = this.type[c], came = this.comeFirst[c + 1] - this.comeFirst[c];

				this.state[t] = splice(this.state[t], this.at[c], came, this.went(c));
			}
		}
		return this.state;
	}

	word(index) {
		return index < 0 ? "" : this.raw.words[index];
	}

	name(call) {
		return this.word(this.calls.name[call]);
	}

	/* Row of @list that has @address, or -1. */
	find(list, address) {
		let lo = 0, hi = list.length;

		while (lo < hi) {
			const mid = (lo + hi) >> 1;

			if (this.end[list[mid]] <= address)
				lo = mid + 1;
			else
				hi = mid;
		}
		return lo < list.length && this.start[list[lo]] <= address ? list[lo] : -1;
	}

	/* What a call changed, as addresses: [{type, start, end, kind}]. */
	changed(call) {
		const out = [];

		for (let c = this.first[call]; c < this.first[call + 1]; c++)
			compareRows(this, this.went(c), this, this.come(c), (start, end, was, is) => out.push({
				type: this.type[c], start, end, was, is,
				kind: was < 0 ? "added" : is < 0 ? "removed" : "changed" }));
		return out;
	}

	text(call) {
		const c = this.calls;

		return `${this.name(call)} ${c.args[call]} => ${c.result[call]} ${this.word(c.caller[call])} ` +
			`${this.word(c.step[call])} ${c.line[call] ? "line " + c.line[call] : ""}`;
	}
}

/* Calls @tell(start, end, row of a or -1, row of b or -1) for addresses whose rows are not alike. */
function compareRows(a, la, b, lb, tell) {
	const alike = (x, y) => a.nid[x] === b.nid[y] && a.word(a.flags[x]) === b.word(b.flags[y]);
	let i = 0, j = 0, at = 0;

	while (i < la.length || j < lb.length) {
		const x = i < la.length ? la[i] : -1, y = j < lb.length ? lb[j] : -1;
		const inX = x >= 0 && a.start[x] <= at, inY = y >= 0 && b.start[y] <= at;
		let end = Infinity;

		if (x >= 0)
			end = Math.min(end, inX ? a.end[x] : a.start[x]);
		if (y >= 0)
			end = Math.min(end, inY ? b.end[y] : b.start[y]);
		if (end > at && inX !== inY)
			tell(at, end, inX ? x : -1, inY ? y : -1);
		else if (end > at && inX && !alike(x, y))
			tell(at, end, x, y);
		at = Math.max(at, end);
		while (i < la.length && a.end[la[i]] <= at)
			i++;
		while (j < lb.length && b.end[lb[j]] <= at)
			j++;
	}
}

/*
 * Moments: 0 is before the first call; after that each is a call, or a pair of calls of two runs, of
 * which either may be missing.
 */
const model = {
	runs: data.runs.map((raw) => new Run(raw)),
	nr: 0,		/* moments behind 0 */
	pos: 0,		/* the one that is shown */
	call: [],	/* [side][moment - 1]: index of the call, -1: none */
	done: [],	/* [side][moment]: how many calls were made */
	kinds: null,	/* [moment - 1]: what differs, as bits */
	isDiff: data.kind === "diff",

	init() {
		const pairs = data.pairs;

		this.nr = pairs ? pairs.length / 3 : this.runs[0].n;
		this.runs.forEach((run, side) => {
			const call = new Int32Array(this.nr), done = new Int32Array(this.nr + 1);

			for (let i = 0; i < this.nr; i++) {
				call[i] = pairs ? pairs[3 * i + side] : i;
				done[i + 1] = call[i] < 0 ? done[i] : call[i] + 1;
			}
			this.call.push(call);
			this.done.push(done);
		});
		if (pairs)
			this.kinds = Int32Array.from({ length: this.nr }, (_, i) => pairs[3 * i + 2]);
	},

	/* The arrays of a run at the moment that is shown. */
	state(side) {
		return this.runs[side].seek(this.done[side][this.pos]);
	},

	/* Calls of the moment that is shown: [[side, run, call]]. */
	now() {
		return this.at(this.pos);
	},

	at(pos) {
		if (!pos)
			return [];
		return this.runs.map((run, side) => [side, run, this.call[side][pos - 1]])
			.filter((v) => v[2] >= 0);
	},

	changed(pos) {
		return this.at(pos).flatMap(([side, run, call]) =>
			run.changed(call).map((c) => ({ side, ...c })));
	},

	changes(pos) {
		return this.at(pos).some(([, run, call]) => run.calls.changes[call]);
	},

	text(pos) {
		return this.at(pos).map(([, run, call]) => run.text(call)).join(" ");
	},

	line() {
		for (let pos = this.pos; pos; pos--)
			for (const [, run, call] of this.at(pos))
				if (run.calls.line[call])
					return run.calls.line[call];
		return 0;
	},
};
model.init();
