/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses to places, 0 to 1, and back. Three scales: true to size; the same with holes folded to a small
 * width; and one where each piece of the final map has a width of about the logarithm of its size, so that a page is seen
 * beside a terabyte.
 */

/* What was ever memory, reserved, or known to the firmware: sorted, disjoint [start, end]. */
function usedRanges() {
	const all = [];

	for (const run of model.runs)
		for (let r = 0; r < run.start.length; r++)
			all.push([run.start[r], run.end[r]]);
	for (const [start, length] of data.firmware)
		all.push([start, start + length]);
	all.sort((a, b) => a[0] - b[0]);
	const merged = [];

	for (const [start, end] of all) {
		const before = merged[merged.length - 1];

		if (before && start <= before[1])
			before[1] = Math.max(before[1], end);
		else if (end > start)
			merged.push([start, end]);
	}
	return merged;
}

/* Segments [end, weight, isHole] one after the other from address 0. */
function foldedSegments(used, fold) {
	const total = used.reduce((sum, [start, end]) => sum + (end - start), 0) || 1;
	const widest = fold ? total * Math.min(0.04, 0.3 / (used.length + 1)) : Infinity;
	const list = [];
	let at = 0;

	for (const [start, end] of used) {
		if (start > at)
			list.push([start, Math.min(start - at, widest), true]);
		list.push([end, end - start, false]);
		at = end;
	}
	return list;
}

function logSegments(used) {
	const borders = new Set();

	for (const run of model.runs)
		for (const list of run.seek(run.n))
			for (const r of list)
				borders.add(run.start[r]).add(run.end[r]);
	for (const [start, end] of used)
		borders.add(start).add(end);
	const sorted = [...borders].sort((a, b) => a - b);
	const list = [];
	let at = 0, u = 0;

	for (const border of sorted) {
		if (border === at)
			continue;
		while (u < used.length && used[u][1] <= at)
			u++;
		const isHole = !(u < used.length && used[u][0] <= at);

		list.push([border, isHole ? 2 : 2 + Math.max(0, Math.log2((border - at) / 4096)), isHole]);
		at = border;
	}
	return list;
}

class Scale {
	constructor(segments) {
		const n = segments.length;
		let sum = 0;

		this.address = new Float64Array(n + 1);
		this.place = new Float64Array(n + 1);
		this.holes = [];
		segments.forEach(([end, weight, isHole], i) => {
			if (isHole && weight < end - this.address[i])
				this.holes.push([this.address[i], end]);
			sum += weight;
			this.address[i + 1] = end;
			this.place[i + 1] = sum;
		});
		for (let i = 1; i <= n; i++)
			this.place[i] /= sum || 1;
		this.n = n;
	}

	static between(from, to, v) {
		const n = from.length;
		let lo = 0, hi = n - 1;

		if (n < 2)
			return 0;
		while (hi - lo > 1) {
			const mid = (lo + hi) >> 1;

			if (from[mid] <= v)
				lo = mid;
			else
				hi = mid;
		}
		const width = from[hi] - from[lo];

		return to[lo] + (width ? (Math.min(v, from[hi]) - from[lo]) / width * (to[hi] - to[lo]) : 0);
	}

	toPlace(address) {
		return Scale.between(this.address, this.place, Math.max(0, address));
	}

	toAddress(place) {
		return Scale.between(this.place, this.address, Math.min(1, Math.max(0, place)));
	}

	get end() {
		return this.address[this.n] || 1;
	}
}

/* What is far above all memory (the end of the address space, reserved) is cut off: to scale it would take it all. */
function usefulRanges(used) {
	let top = 0;

	for (const run of model.runs)
		for (let c = 0; c < run.type.length; c++)
			if (run.type[c] === MEMORY)
				for (let r = run.comeFirst[c]; r < run.comeFirst[c + 1]; r++)
					if (run.end[r] < 2 ** 60)
						top = Math.max(top, run.end[r]);
	return top ? used.filter(([start]) => start < 4 * top)
		.map(([start, end]) => [start, Math.min(end, 4 * top)]) : used;
}

const scales = (() => {
	const used = usefulRanges(usedRanges());
	const made = {};

	return (name) => made[name] ||= new Scale(name === "log" ? logSegments(used)
		: foldedSegments(used, name === "folded"));
})();
