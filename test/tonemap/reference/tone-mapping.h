// One colour through the whole of it: R'G'B' of BT.2020 in PQ or HLG to R'G'B' of BT.709.
#ifndef REFERENCE_TONE_MAPPING_H
#define REFERENCE_TONE_MAPPING_H

#include <map>
#include <string>

#include "standards.h"

namespace reference {

struct Settings {
  std::map<std::string, std::string> words;

  std::string word(const std::string &key, const std::string &otherwise) const {
    const auto found = words.find(key);
    return found == words.end() ? otherwise : found->second;
  }
  double number(const std::string &key, double otherwise) const {
    const auto found = words.find(key);
    return found == words.end() ? otherwise : std::stod(found->second);
  }
};

class ToneMapping {
 public:
  explicit ToneMapping(const Settings &settings)
      : curve_(settings.word("tonemap", "bt2390")),
        mode_(settings.word("mode", "max")),
        hlg_(settings.word("transfer", "pq") == "hlg"),
        compress_(settings.word("gamut", "clip") == "compress"),
        peak_(settings.number("peak", 1000)),
        target_(settings.number("target", 203)),
        black_(settings.number("black", 0)),
        desat_(settings.number("desat", 0)) {}

  /** The curve, nits to nits. */
  double curve(double nits) const {
    if (curve_ == "bt2390") return bt2390(nits, peak_, target_, black_);
    const double peak = peak_ / target_, x = std::clamp(nits / target_, 0.0, peak);
    if (curve_ == "clip" || peak <= 1) return target_ * std::min(x, 1.0);
    if (curve_ == "reinhard") return target_ * x / (1 + x) / (peak / (1 + peak));
    if (curve_ == "hable") return target_ * hable(x) / hable(peak);
    return target_ * mobius(x, peak);
  }

  /** R'G'B' 0..1 in, R'G'B' 0..1 out, the display's gamma being 2.4. */
  Vector operator()(const Vector &code) const {
    Vector rgb = to709_ * tone(desaturated(light(code)));
    if (compress_) rgb = compressed(rgb);
    for (auto &value : rgb) value = std::pow(std::clamp(value / target_, 0.0, 1.0), 1 / 2.4);
    return rgb;
  }

 private:
  /** Nits on the display that the title was made on. */
  Vector light(const Vector &code) const {
    if (!hlg_) return {pqEotf(code[0]), pqEotf(code[1]), pqEotf(code[2])};
    Vector scene = {hlgInverseOetf(code[0]), hlgInverseOetf(code[1]), hlgInverseOetf(code[2])};
    const double luminance = dot(luma_, scene);
    const double gain = luminance > 0 ? peak_ * std::pow(luminance, hlgGamma(peak_) - 1) : 0;
    return {scene[0] * gain, scene[1] * gain, scene[2] * gain};
  }

  Vector desaturated(Vector rgb) const {
    const double luminance = dot(luma_, rgb), excess = luminance - desat_ * target_;
    if (desat_ == 0 || excess <= 0) return rgb;
    for (auto &value : rgb) value += (luminance - value) * excess / luminance;
    return rgb;
  }

  /** BT.2390 5.4: the ways to apply a curve to a colour. A lifted black is a veil of grey over all. */
  Vector tone(const Vector &rgb) const {
    if (mode_ == "itp") return toneItp(rgb);
    if (mode_ == "rgb") return {curve(rgb[0]), curve(rgb[1]), curve(rgb[2])};
    const double measure = mode_ == "luma" ? dot(luma_, rgb) : std::max({rgb[0], rgb[1], rgb[2]});
    const double gain = measure > 0 ? (curve(measure) - black_) / measure : 0;
    return {rgb[0] * gain + black_, rgb[1] * gain + black_, rgb[2] * gain + black_};
  }

  Vector toneItp(const Vector &rgb) const {
    Vector lms = toLms_ * rgb;
    for (auto &value : lms) value = pqInverse(value);
    Vector itp = toItp_ * lms;
    const double before = itp[0], after = pqInverse(curve(pqEotf(before)));
    const double shrink = before > 0 && after > 0 ? std::min(before / after, after / before) : 0;
    lms = inverse(toItp_) * Vector{after, itp[1] * shrink, itp[2] * shrink};
    for (auto &value : lms) value = pqEotf(value);
    return inverse(toLms_) * lms;
  }

  /**
   * Distance from the largest channel, in shares of it. Beyond a threshold the compressed distance d' is where
   * d = d' + bend (d' - threshold)^2, so that it joins smoothly, and 1 for the farthest that BT.2020 reaches.
   */
  Vector compressed(const Vector &rgb) const {
    const Vector threshold = {0.815, 0.803, 0.880};
    const double most = std::max({rgb[0], rgb[1], rgb[2]});
    Vector out = rgb;
    if (most <= 0) return out;
    for (int channel = 0; channel < 3; channel++) {
      double farthest = 0;
      for (int primary = 0; primary < 3; primary++)
        farthest = std::max(farthest, 1 - to709_[channel][primary] / to709_[primary][primary]);
      const double from = threshold[channel], distance = 1 - rgb[channel] / most;
      const double bend = (farthest - 1) / ((1 - from) * (1 - from));
      if (distance > from)
        out[channel] = most * (1 - from - (std::sqrt(1 + 4 * bend * (distance - from)) - 1) / (2 * bend));
    }
    return out;
  }

  const std::string curve_, mode_;
  const bool hlg_, compress_;
  const double peak_, target_, black_, desat_;
  const Vector luma_ = {0.2627, 0.6780, 0.0593};
  const Matrix to709_ = from2020To709();
  const Matrix toLms_ = {{{1688 / 4096.0, 2146 / 4096.0, 262 / 4096.0},
                          {683 / 4096.0, 2951 / 4096.0, 462 / 4096.0},
                          {99 / 4096.0, 309 / 4096.0, 3688 / 4096.0}}};
  const Matrix toItp_ = {{{0.5, 0.5, 0},
                          {6610 / 4096.0, -13613 / 4096.0, 7003 / 4096.0},
                          {17933 / 4096.0, -17390 / 4096.0, -543 / 4096.0}}};
};

}  // namespace reference

#endif
