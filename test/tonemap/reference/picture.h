// A picture in 4:2:0: what lies where, sampled at any place, and judged.
#ifndef REFERENCE_PICTURE_H
#define REFERENCE_PICTURE_H

#include <cstdint>
#include <vector>

#include "tone-mapping.h"

namespace reference {

struct Plane {
  int width, height;
  std::vector<double> value;

  double at(int x, int y) const {
    return value[static_cast<size_t>(std::clamp(y, 0, height - 1)) * width + std::clamp(x, 0, width - 1)];
  }
};

struct Picture {
  Plane luma, cb, cr;
};

/** How far the first chroma sample is from the first luma sample, in luma samples: H.273 figure 10. */
struct Siting {
  double x, y;
  explicit Siting(const std::string &name)
      : x(name == "center" || name == "top" || name == "bottom" ? 0.5 : 0),
        y(name == "topleft" || name == "top" ? 0 : name == "bottomleft" || name == "bottom" ? 1 : 0.5) {}
};

/** Bilinear, or Catmull-Rom stretched by the ratio when it shrinks. */
class Filter {
 public:
  Filter(bool cubic, double ratio) : cubic_(cubic), stretch_(cubic ? std::max(ratio, 1.0) : 1) {}

  /** Calls use(sample, weight) for each sample around a place; the weights add up to 1. */
  template <typename Use>
  void around(double place, Use use) const {
    const double reach = (cubic_ ? 2 : 1) * stretch_;
    const int first = static_cast<int>(std::ceil(place - reach)), last = static_cast<int>(std::floor(place + reach));
    double sum = 0;
    for (int i = first; i <= last; i++) sum += weight(i - place);
    for (int i = first; i <= last; i++) use(i, weight(i - place) / sum);
  }

 private:
  double weight(double distance) const {
    const double x = std::abs(distance) / stretch_;
    if (!cubic_) return std::max(0.0, 1 - x);
    if (x <= 1) return 1.5 * x * x * x - 2.5 * x * x + 1;
    return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
  }

  const bool cubic_;
  const double stretch_;
};

/** The plane, seen at every luma place of an output that is so many times smaller than the input. */
inline Plane resampled(const Plane &plane, double scaleX, double scaleY, int width, int height, Siting siting,
                       int subsampling, bool cubic) {
  const Filter across(cubic, scaleX / subsampling), down(cubic, scaleY / subsampling);
  Plane rows = {width, plane.height, std::vector<double>(static_cast<size_t>(width) * plane.height)};
  Plane out = {width, height, std::vector<double>(static_cast<size_t>(width) * height)};
  for (int y = 0; y < plane.height; y++)
    for (int x = 0; x < width; x++)
      across.around(((x + 0.5) * scaleX - 0.5 - siting.x) / subsampling, [&](int sample, double weight) {
        rows.value[static_cast<size_t>(y) * width + x] += weight * plane.at(sample, y);
      });
  for (int y = 0; y < height; y++)
    down.around(((y + 0.5) * scaleY - 0.5 - siting.y) / subsampling, [&](int sample, double weight) {
      for (int x = 0; x < width; x++) out.value[static_cast<size_t>(y) * width + x] += weight * rows.at(x, sample);
    });
  return out;
}

/** Y'CbCr of BT.709 in 8-bit codes, not rounded: BT.709 item 3. */
inline Vector codes709(const Vector &rgb) {
  const double y = dot({0.2126, 0.7152, 0.0722}, rgb);
  return {16 + 219 * y, 128 + 224 * (rgb[2] - y) / 1.8556, 128 + 224 * (rgb[0] - y) / 1.5748};
}

/** R'G'B' from normalised Y'CbCr of BT.2020 (non-constant luminance): BT.2020 table 4, solved for R'G'B'. */
inline Vector rgbOf(double y, double cb, double cr) {
  const double red = y + 1.4746 * cr, blue = y + 1.8814 * cb;
  const Vector rgb = {red, (y - 0.2627 * red - 0.0593 * blue) / 0.6780, blue};
  return {std::clamp(rgb[0], 0.0, 1.0), std::clamp(rgb[1], 0.0, 1.0), std::clamp(rgb[2], 0.0, 1.0)};
}

/** The whole filter. Planes hold normalised values; the result holds 8-bit codes, not rounded. */
inline Picture toneMapped(const Picture &in, const ToneMapping &map, int width, int height, const std::string &siting,
                          bool cubic) {
  const Siting at(siting), none("topleft");
  const int evenWidth = (width + 1) / 2 * 2, evenHeight = (height + 1) / 2 * 2;
  // Odd pictures are continued by a column or a row, for the chroma there.
  const double scaleX = static_cast<double>(in.luma.width) / width;
  const double scaleY = static_cast<double>(in.luma.height) / height;
  const auto seen = [&](const Plane &plane, Siting place, int subsampling) {
    return resampled(plane, scaleX, scaleY, evenWidth, evenHeight, place, subsampling, cubic);
  };
  const Plane luma = seen(in.luma, none, 1), cb = seen(in.cb, at, 2), cr = seen(in.cr, at, 2);
  Picture out = {{width, height, {}}, {evenWidth / 2, evenHeight / 2, {}}, {evenWidth / 2, evenHeight / 2, {}}};
  std::vector<Vector> rgb(luma.value.size());
  for (size_t i = 0; i < rgb.size(); i++) rgb[i] = map(rgbOf(luma.value[i], cb.value[i], cr.value[i]));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) out.luma.value.push_back(codes709(rgb[static_cast<size_t>(y) * evenWidth + x])[0]);
  for (int y = 0; y < evenHeight; y += 2)
    for (int x = 0; x < evenWidth; x += 2) {
      Vector mean = {0, 0, 0};
      for (int i = 0; i < 4; i++) {
        const double share = (i % 2 ? at.x : 1 - at.x) * (i / 2 ? at.y : 1 - at.y);
        for (int c = 0; c < 3; c++) mean[c] += share * rgb[static_cast<size_t>(y + i / 2) * evenWidth + x + i % 2][c];
      }
      out.cb.value.push_back(codes709(mean)[1]);
      out.cr.value.push_back(codes709(mean)[2]);
    }
  return out;
}

}  // namespace reference

#endif
