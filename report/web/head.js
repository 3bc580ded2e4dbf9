/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The script of the page, in parts that follow each other: model, scale, words, map, lists, timeline,
 * details, tables, page. What comes from data gets into the document as text only.
 */
(function () {
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);

/* An element with properties and children; a string is a text. */
function el(tag, properties, ...children) {
	const e = document.createElement(tag);

	for (const [name, value] of Object.entries(properties || {})) {
		if (name === "class")
			e.className = value;
		else if (name.startsWith("on"))
			e.addEventListener(name.slice(2), value);
		else if (value !== null && value !== undefined)
			e.setAttribute(name, value);
	}
	for (const child of children.flat())
		if (child !== null && child !== undefined)
			e.append(child);
	return e;
}
