#include <linux/hostile.h>
#define A B B
#define B C C
#define C D D
#define D E E
#define E F F
#define F G G
#define G H H
#define H I I
#define I J J
#define J K K
#define K L L
#define L M M
#define M N N
#define N O O
#define O P P
#define P Q Q
#define Q R R
#define R S S
#define S T T
#define T U U
#define U V V
#define V W W
#define W 1
struct itself { struct itself x; __u8 y; };
struct huge { __u8 a[0x7fffffff][0x7fffffff]; };
struct negative { __u8 a[-1]; };
struct strange_bits { struct empty b : 3; __u8 c : 99; };
#if (((((((((((((((1
#endif
#elif 1
#else
#endif
#endif
#define DEEP ((((((((((((((((((((((((((((((((((((((((((((((((((1
#define UNENDED "text
