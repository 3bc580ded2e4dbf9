/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: marking a page reserved is told to the simulator; nobody asks for other flags */
#ifndef RT_LINUX_PAGE_FLAGS_H
#define RT_LINUX_PAGE_FLAGS_H

#include <linux/mm_types.h>

void rt_page_set_reserved(struct page *page);
/* Pages are not kept one by one inside an engine: asked before the hand-over, none is reserved. */
#define PageReserved(page) ((void)(page), 0)
#define SetPageReserved(page) rt_page_set_reserved(page)
#define __SetPageReserved(page) rt_page_set_reserved(page)
#define ClearPageReserved(page) ((void)(page))
#define __ClearPageReserved(page) ((void)(page))

#endif
