#include <linux/hostile.h>
#define BEFORE 1
enum { BOMB = A A A };
