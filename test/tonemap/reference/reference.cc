// The judge of the tone mapping filters.
//
//   reference vectors [key=value...]               prints what becomes of the named colours
//   reference curve [key=value...] NITS...         prints what the curve makes of luminances
//   reference judge [key=value...] INPUT OUTPUT    prints how far a filter's output is from the right one
//   reference map [key=value...] INPUT             writes what is right, as NV12
//   reference differ size=WIDTHxHEIGHT A B         prints how different two pictures in NV12 look, in dE ITP
//   reference noise SAMPLES                        writes so many samples of P010, each any of 1024
//   reference ramp                                 writes a ramp of greys, P010 of 1760x2
//   reference greys OUTPUT                         prints what has become of it
//
// Words and files are those of native/tonemap/host/tonemap_host.c.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include "difference.h"
#include "greys.h"
#include "picture.h"

namespace reference {

struct Named {
  const char *name;
  int y, cb, cr;
};

// 10-bit limited range; nits of BT.2020 R, G, B in the names.
const Named colours[] = {
    {"black", 64, 512, 512},          {"grey 1", 195, 512, 512},          {"grey 10", 327, 512, 512},
    {"grey 50", 450, 512, 512},       {"grey 100", 509, 512, 512},        {"grey 203", 573, 512, 512},
    {"grey 400", 636, 512, 512},      {"grey 1000", 723, 512, 512},       {"grey 4000", 855, 512, 512},
    {"red 100", 181, 448, 740},       {"green 100", 366, 348, 303},       {"blue 100", 90, 740, 494},
    {"red 1000", 237, 418, 849},      {"green 1000", 511, 269, 202},      {"blue 1000", 103, 849, 485},
    {"skin 180 120 90", 533, 494, 532}, {"sky 150 300 600", 596, 554, 477}, {"fire 900 350 40", 635, 401, 566},
};

void printVectors(const Settings &settings) {
  const ToneMapping map(settings);
  for (const auto &colour : colours) {
    const Vector code =
        codes709(map(rgbOf((colour.y - 64) / 876.0, (colour.cb - 512) / 896.0, (colour.cr - 512) / 896.0)));
    std::printf("{\"colour\":\"%s\",\"in\":[%d,%d,%d],\"out\":[%.4f,%.4f,%.4f]}\n", colour.name, colour.y, colour.cb,
                colour.cr, code[0], code[1], code[2]);
  }
}

/** Reads samples of 8 or 16 bits one after the other. */
class Samples {
 public:
  explicit Samples(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
  }
  double next(int bytes) {
    if (place_ + bytes > bytes_.size()) throw std::runtime_error("a file is too short");
    unsigned value = static_cast<unsigned char>(bytes_[place_]);
    if (bytes == 2) value += static_cast<unsigned char>(bytes_[place_ + 1]) * 256u;
    place_ += bytes;
    return value;
  }

 private:
  std::vector<char> bytes_;
  size_t place_ = 0;
};

Picture readInput(const Settings &settings, const std::string &path, int width, int height) {
  const std::string format = settings.word("in", "p010");
  const bool full = settings.word("range", "tv") == "pc";
  const double steps = format == "p010" ? 64 : 1, depth = format == "p016" ? 16 : 10, eight = std::pow(2, depth - 8);
  const double top = std::pow(2, depth) - 1, middle = std::pow(2, depth - 1);
  Samples samples(path);
  const auto luma = [&] {
    const double code = samples.next(2) / steps;
    return full ? code / top : (code / eight - 16) / 219;
  };
  const auto chroma = [&] {
    const double code = samples.next(2) / steps;
    return full ? (code - middle) / top : (code / eight - 128) / 224;
  };
  const int columns = (width + 1) / 2, rows = (height + 1) / 2;
  Picture picture = {{width, height, {}}, {columns, rows, {}}, {columns, rows, {}}};
  for (int i = 0; i < width * height; i++) picture.luma.value.push_back(luma());
  if (format == "yuv420p10") {
    for (int i = 0; i < columns * rows; i++) picture.cb.value.push_back(chroma());
    for (int i = 0; i < columns * rows; i++) picture.cr.value.push_back(chroma());
  } else {
    for (int i = 0; i < columns * rows; i++) {
      picture.cb.value.push_back(chroma());
      picture.cr.value.push_back(chroma());
    }
  }
  return picture;
}

/** Differences of one plane's codes from the right ones, which are rounded first. */
class Verdict {
 public:
  void add(double right, double got) {
    const int off = static_cast<int>(std::abs(std::floor(right + 0.5) - got));
    samples_++;
    sum_ += off;
    within_ += off <= 1;
    worst_ = std::max(worst_, off);
  }
  std::string json() const {
    char text[160];
    std::snprintf(text, sizeof text, "{\"samples\":%ld,\"mean\":%.6f,\"within1\":%.7f,\"max\":%d}", samples_,
                  sum_ / static_cast<double>(samples_), static_cast<double>(within_) / static_cast<double>(samples_),
                  worst_);
    return text;
  }

 private:
  long samples_ = 0, within_ = 0;
  double sum_ = 0;
  int worst_ = 0;
};

Picture rightOutput(const Settings &settings, const std::string &inputPath) {
  int width = 0, height = 0, outWidth = 0, outHeight = 0;
  const std::string size = settings.word("size", "3840x2160");
  std::sscanf(size.c_str(), "%dx%d", &width, &height);
  std::sscanf(settings.word("out", size).c_str(), "%dx%d", &outWidth, &outHeight);
  const bool unscaled = width == outWidth && height == outHeight;
  const bool cubic = !unscaled && settings.word("scaler", "bilinear") == "bicubic";
  return toneMapped(readInput(settings, inputPath, width, height), ToneMapping(settings), outWidth, outHeight,
                    settings.word("siting", "left"), cubic);
}

void judge(const Settings &settings, const std::string &inputPath, const std::string &outputPath) {
  const Picture right = rightOutput(settings, inputPath);
  const bool words = settings.word("format", "nv12") == "p010";
  Samples got(outputPath);
  const auto code = [&] { return words ? got.next(2) / 64 : got.next(1); };
  const double scale = words ? 4 : 1;
  Verdict luma, chroma;
  for (const double value : right.luma.value) luma.add(value * scale, code());
  for (size_t i = 0; i < right.cb.value.size(); i++) {
    chroma.add(right.cb.value[i] * scale, code());
    chroma.add(right.cr.value[i] * scale, code());
  }
  std::printf("{\"luma\":%s,\"chroma\":%s}\n", luma.json().c_str(), chroma.json().c_str());
}

std::vector<unsigned char> bytesOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void greys(const std::string &path) {
  const auto frame = bytesOf(path);
  if (frame.size() != 6 * rampColumns) throw std::runtime_error(path + " is not a ramp of greys as NV12");
  std::printf("%s\n", describeRamp(frame).c_str());
}

/** Only ten bits are in use, as in films; the other six are 0. */
void noise(long samples) {
  std::mt19937 random{std::random_device{}()};
  for (long i = 0; i < samples; i++) {
    const unsigned word = (random() & 1023) << 6;
    std::putchar(static_cast<int>(word & 255));
    std::putchar(static_cast<int>(word >> 8));
  }
}

void differ(const Settings &settings, const std::string &pathA, const std::string &pathB) {
  int width = 0, height = 0;
  std::sscanf(settings.word("size", "").c_str(), "%dx%d", &width, &height);
  const auto a = bytesOf(pathA), b = bytesOf(pathB);
  const size_t bytes = static_cast<size_t>(width) * height * 3 / 2;
  if (bytes == 0 || a.size() != bytes || b.size() != bytes) throw std::runtime_error("the pictures are of another size");
  std::printf("%s\n", describeDifference(a, b, width, height).c_str());
}

void map(const Settings &settings, const std::string &inputPath) {
  const auto bytes = nv12Of(rightOutput(settings, inputPath));
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

}  // namespace reference

int main(int count, char **words) {
  reference::Settings settings;
  std::vector<std::string> rest;
  for (int i = 2; i < count; i++) {
    const std::string word = words[i];
    const size_t equals = word.find('=');
    if (equals == std::string::npos)
      rest.push_back(word);
    else
      settings.words[word.substr(0, equals)] = word.substr(equals + 1);
  }
  const std::string command = count > 1 ? words[1] : "";
  try {
    if (command == "vectors")
      reference::printVectors(settings);
    else if (command == "curve")
      for (const auto &nits : rest)
        std::printf("%.5f\n", reference::ToneMapping(settings).curve(std::stod(nits)));
    else if (command == "judge" && rest.size() == 2)
      reference::judge(settings, rest[0], rest[1]);
    else if (command == "map" && rest.size() == 1)
      reference::map(settings, rest[0]);
    else if (command == "differ" && rest.size() == 2)
      reference::differ(settings, rest[0], rest[1]);
    else if (command == "noise" && rest.size() == 1)
      reference::noise(std::stol(rest[0]));
    else if (command == "ramp")
      reference::writeRamp(stdout);
    else if (command == "greys" && rest.size() == 1)
      reference::greys(rest[0]);
    else
      throw std::runtime_error("usage: reference vectors|curve|judge|map|differ|noise|ramp|greys [key=value...] [NITS...|INPUT OUTPUT]");
  } catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
