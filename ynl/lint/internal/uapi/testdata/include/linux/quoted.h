#define QUOTED 7
