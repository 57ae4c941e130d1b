// A ramp of greys, and what a filter made of it.
#pragma once
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace reference {

/** Every 10-bit code of limited range as a column two samples wide, and the brightest again until a tile is full. */
const int rampColumns = 880, rampFirst = 64, rampLast = 940;

inline int rampCode(int column) { return std::min(rampFirst + column, rampLast); }

/** The ramp as P010, 1760x2. */
inline void writeRamp(std::FILE *to) {
  const auto word = [&](int code) {
    std::fputc(code << 6 & 255, to);
    std::fputc(code >> 2, to);
  };
  for (int row = 0; row < 2; row++)
    for (int x = 0; x < 2 * rampColumns; x++) word(rampCode(x / 2));
  for (int x = 0; x < 2 * rampColumns; x++) word(512);
}

/** What is to be said of the ramp as NV12: its ends, whether it ever falls, and whether it stayed neutral. */
inline std::string describeRamp(const std::vector<unsigned char> &frame) {
  const unsigned char *luma = frame.data(), *chroma = luma + 4 * rampColumns;
  bool rises = true;
  int whiteFrom = rampLast;
  for (int i = 0; i < rampColumns; i++) {
    rises &= i == 0 || luma[2 * i] >= luma[2 * i - 2];
    if (luma[2 * i] >= 235) whiteFrom = std::min(whiteFrom, rampCode(i));
  }
  const bool neutral = std::all_of(chroma, chroma + 2 * rampColumns, [](unsigned char code) { return code == 128; });
  char text[160];
  std::snprintf(text, sizeof text, "{\"black\":%d,\"white\":%d,\"whiteFrom\":%d,\"rises\":%s,\"neutral\":%s}", luma[0],
                luma[2 * rampColumns - 1], whiteFrom, rises ? "true" : "false", neutral ? "true" : "false");
  return text;
}

}  // namespace reference
