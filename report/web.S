/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of report/web/, as they are, each with a NUL behind it: see report/page.c. */
	.section .rodata
	.global page_web_page_html, page_web_page_html_end
page_web_page_html:
	.incbin "report/web/page.html"
page_web_page_html_end:
	.byte 0
	.global page_web_page_css, page_web_page_css_end
page_web_page_css:
	.incbin "report/web/page.css"
page_web_page_css_end:
	.byte 0
	.global page_web_page_js, page_web_page_js_end
page_web_page_js:
	.incbin "report/web/head.js"
	.incbin "report/web/model.js"
	.incbin "report/web/scale.js"
	.incbin "report/web/words.js"
	.incbin "report/web/map.js"
	.incbin "report/web/lists.js"
	.incbin "report/web/timeline.js"
	.incbin "report/web/details.js"
	.incbin "report/web/tables.js"
	.incbin "report/web/page.js"
page_web_page_js_end:
	.byte 0
	.section .note.GNU-stack,"",%progbits
