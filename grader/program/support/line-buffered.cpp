// Linked into every C++ program under test: a pipe gets each line at once, as a terminal would.
#include <cstdio>
#include <iostream>

namespace {
std::ios_base::Init streams;
struct LineBuffered {
  LineBuffered() {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    std::cout << std::unitbuf;
  }
} lineBuffered;
}
