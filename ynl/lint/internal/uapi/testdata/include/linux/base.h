#ifndef _BASE_H
#define _BASE_H
#define BASE 1
#define __struct_group(TAG, NAME, ATTRS, MEMBERS...) \
	union { \
		struct { MEMBERS } ATTRS; \
		struct TAG { MEMBERS } ATTRS NAME; \
	}
#include <linux/all.h>
#endif
