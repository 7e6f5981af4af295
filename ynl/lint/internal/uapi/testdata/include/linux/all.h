/* Every construct that the reader knows, once. */
#ifndef _ALL_H
#define _ALL_H

#include <linux/base.h>
#include <sys/socket.h>
#include "quoted.h"

#define TEN 10
#define HEX 0x1fUL
#define OCTAL 017
#define TEXT "a" "b"
#define SUM (TEN + HEX * 2)
#define NEGATIVE (-1)
#define UNSIGNED (~0U)
#define WIDE (1ULL << 40)
#define LETTER 'A'
#define CAST ((__u8)0x1ff)
#define SIGNED_CAST ((__s8)0xff)
#define CHOICE (TEN > 5 ? 3 : 4)
#define CHAIN (TEN == 10 && !(TEN & 1) || 0)
#define SIZE sizeof(struct plain)
#define BY_ZERO (1 / 0)
#define SELF SELF
#define LOOP_A LOOP_B
#define LOOP_B LOOP_A
#define FUNCTION(x) ((x) + 1)
#define CALL FUNCTION(FUNCTION(2))
#define NOT_A_CALL FUNCTION
#define PASTE(a, b) a##b
#define PASTED PASTE(TE, N)
#define STRING(x) #x
#define STRINGED STRING(some thing)
#define VARIADIC(first, ...) (first __VA_ARGS__)
#define VARIED VARIADIC(1, + 2)
#define NAMED(first, rest...) (first rest)
#define NAMED_VARIED NAMED(4, + 5)
#define GONE 1
#undef GONE
#define CONTINUED (1 + \
	2)

#if defined(TEN) && TEN == 10 && !defined GONE
# define IN_IF 1
# ifdef NOT_THERE
#  define IN_NESTED_IF 1
# else
#  define IN_NESTED_ELSE 1
# endif
#elif 1
# define IN_ELIF 1
#else
# define IN_ELSE 1
#endif
#if __BITS_PER_LONG == 32
# define BITS 32
#elif __BITS_PER_LONG == 64
# define BITS 64
#endif
#if NOT_UNDERSTOOD(1)
# define IN_STRANGE_IF 1
#endif
#ifndef NOT_THERE
# define IN_IFNDEF 1 // a comment to the end
#endif

enum tag {
	E_ZERO,
	E_ONE,
	E_SELF,
#define E_SELF E_SELF
	E_FIVE = TEN / 2,
	E_SIX __attribute__((deprecated)),
	E_STRANGE = strange(1),
	E_AFTER_STRANGE,
	E_NEGATIVE = -3,
	E_AFTER_NEGATIVE,
	E_TOP = 0xffffffff,
	E_BEFORE,
#define E_BEFORE (E_BEFORE - 1)
	__E_MAX,
};
#define E_MAX (__E_MAX - 1)
enum { ANONYMOUS = 1 << 4 };

struct plain {
	__u8 a;
	__u32 b;
	__be16 c;
	__s64 d;
	char name[TEN];
};

struct packed {
	__u8 a;
	__u32 b;
} __attribute__((packed));

struct __attribute__((__packed__, aligned(4))) packed_aligned {
	__u8 a;
	__u16 b, c;
};

struct nested {
	struct plain first;
	struct {
		__u16 x;
		union {
			__u32 y;
			__be32 z;
			__u8 w[8];
		};
	};
	struct packed list[2];
	const void *pointer;
	int (*call)(int, char *);
	unsigned long l;
	__aligned_u64 far;
	__u8 matrix[2][3];
	struct plain *link;
	__u32 rest[];
};

union both {
	__u8 a;
	__u64 b;
};

struct bits {
	__u8 a : 4, b : 4;
	__u16 c : 12;
	__u16 : 0;
	__u16 d;
	unsigned int e : 31;
	unsigned int f : 2;
};

struct opaque { struct elsewhere x; };
struct empty {};
struct old_flexible { __u32 n; __u16 data[0]; };
#pragma pack(2)
struct pragma { __u16 a; __u32 b; };
#pragma pack()
struct grouped { __struct_group(head, h, , __u8 one; __u16 two;); __u32 three; };

typedef __u16 short_number;
typedef struct { __u32 u; } named_by_typedef, *pointer_to_it;
struct typed { short_number s; named_by_typedef t; pointer_to_it p; enum tag e; };

static __inline__ int function(int x) { if (x) { return 1; } return 2; }
extern int variable[3];
static const int initialised[] = { 1, 2, 3 };
struct after_function { __u8 only; };
#endif
