/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as texts, and texts as numbers. */

function hex(n) {
	return "0x" + (n > Number.MAX_SAFE_INTEGER ? BigInt(n).toString(16) : n.toString(16));
}

/* The last byte of a range that ends before @end. */
function last(end) {
	return end > Number.MAX_SAFE_INTEGER ? "0x" + (BigInt(end) - 1n).toString(16) : hex(end - 1);
}

function rangeText(start, end) {
	return `${hex(start)}-${last(end)}`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

function size(n) {
	let unit = 0, value = Math.abs(n);

	while (value >= 1024 && unit < UNITS.length - 1) {
		value /= 1024;
		unit++;
	}
	const text = Number.isInteger(value) ? value.toString() : value.toFixed(value < 10 ? 2 : 1);
	return `${n < 0 ? "−" : ""}${text} ${UNITS[unit]}`;
}

function count(n, one, many) {
	return `${n.toLocaleString("en")} ${n === 1 ? one : many || one + "s"}`;
}

function thousands(n) {
	return n.toLocaleString("en");
}

/* An address as people write it: 0x1000, 4096, 64M, 4G; NaN: it is none. */
function parseAddress(text) {
	const m = /^\s*(0x[0-9a-f]+|[0-9]+(?:\.[0-9]+)?)\s*([kmgtpe]?)(?:i?b)?\s*$/i.exec(text);

	if (!m)
		return NaN;
	return Number(m[1]) * 1024 ** " kmgtpe".indexOf((m[2] || " ").toLowerCase());
}

function node(nid) {
	return nid < 0 ? "none" : String(nid);
}
