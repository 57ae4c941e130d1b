// How different two pictures in BT.709 look.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "picture.h"

namespace reference {

/** ICtCp (BT.2100 table 7) of 8-bit Y'CbCr in BT.709, on a display of BT.1886 with that white in nits. */
inline Vector itpOf(double y, double cb, double cr, double whiteNits) {
  static const Matrix to2020 = inverse(from2020To709());
  static const Matrix toLms = {{{1688 / 4096.0, 2146 / 4096.0, 262 / 4096.0},
                                {683 / 4096.0, 2951 / 4096.0, 462 / 4096.0},
                                {99 / 4096.0, 309 / 4096.0, 3688 / 4096.0}}};
  static const Matrix toItp = {{{0.5, 0.5, 0},
                                {6610 / 4096.0, -13613 / 4096.0, 7003 / 4096.0},
                                {17933 / 4096.0, -17390 / 4096.0, -543 / 4096.0}}};
  const double luma = (y - 16) / 219, blue = luma + 1.8556 * (cb - 128) / 224, red = luma + 1.5748 * (cr - 128) / 224;
  Vector light = {red, (luma - 0.2126 * red - 0.0722 * blue) / 0.7152, blue};
  for (auto &value : light) value = whiteNits * std::pow(std::clamp(value, 0.0, 1.0), 2.4);
  Vector lms = toLms * (to2020 * light);
  for (auto &value : lms) value = pqInverse(value);
  return toItp * lms;
}

/** BT.2124: 1 is about what can just be seen. */
inline double deltaItp(const Vector &a, const Vector &b) {
  const double i = a[0] - b[0], t = 0.5 * (a[1] - b[1]), p = a[2] - b[2];
  return 720 * std::sqrt(i * i + t * t + p * p);
}

/** A picture's codes, rounded, as NV12 has them. */
inline std::vector<unsigned char> nv12Of(const Picture &picture) {
  std::vector<unsigned char> bytes;
  const auto put = [&](double code) {
    bytes.push_back(static_cast<unsigned char>(std::clamp(std::floor(code + 0.5), 0.0, 255.0)));
  };
  for (const double code : picture.luma.value) put(code);
  for (size_t i = 0; i < picture.cb.value.size(); i++) {
    put(picture.cb.value[i]);
    put(picture.cr.value[i]);
  }
  return bytes;
}

/** The differences of two NV12 pictures of even size, sample by sample of luma: mean, 99 of 100, the largest. */
inline std::string describeDifference(const std::vector<unsigned char> &a, const std::vector<unsigned char> &b, int width,
                                      int height) {
  const double whiteNits = 203;
  const size_t plane = static_cast<size_t>(width) * height;
  std::vector<double> deltas;
  for (size_t i = 0; i < plane; i++) {
    const size_t x = i % width, y = i / width, chroma = plane + y / 2 * width + x / 2 * 2;
    deltas.push_back(deltaItp(itpOf(a[i], a[chroma], a[chroma + 1], whiteNits),
                              itpOf(b[i], b[chroma], b[chroma + 1], whiteNits)));
  }
  double sum = 0;
  for (const double delta : deltas) sum += delta;
  std::sort(deltas.begin(), deltas.end());
  char text[120];
  std::snprintf(text, sizeof text, "{\"mean\":%.3f,\"p99\":%.3f,\"max\":%.3f}", sum / static_cast<double>(plane),
                deltas[plane * 99 / 100], deltas.back());
  return text;
}

}  // namespace reference
