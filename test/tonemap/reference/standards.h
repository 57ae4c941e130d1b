// Transfer functions, matrices and tone curves in double precision, written from the standards. Shares no code with
// native/tonemap, and takes another road to the same numbers where there is one: matrices are derived from primaries,
// inverses computed, curves defined by the conditions they meet.
#ifndef REFERENCE_STANDARDS_H
#define REFERENCE_STANDARDS_H

#include <algorithm>
#include <array>
#include <cmath>

namespace reference {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

inline double dot(const Vector &a, const Vector &b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

inline Vector operator*(const Matrix &m, const Vector &v) { return {dot(m[0], v), dot(m[1], v), dot(m[2], v)}; }

inline Matrix transposed(const Matrix &m) {
  return {{{m[0][0], m[1][0], m[2][0]}, {m[0][1], m[1][1], m[2][1]}, {m[0][2], m[1][2], m[2][2]}}};
}

inline Vector cross(const Vector &a, const Vector &b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

inline Matrix inverse(const Matrix &m) {
  const double determinant = dot(m[0], cross(m[1], m[2]));
  Matrix columns = {cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])};
  for (auto &column : columns)
    for (auto &value : column) value /= determinant;
  return transposed(columns);
}

inline Matrix operator*(const Matrix &a, const Matrix &b) {
  const Matrix columns = transposed(b);
  return transposed({a * columns[0], a * columns[1], a * columns[2]});
}

/** RGB to XYZ from the chromaticities of the primaries and of white: SMPTE RP 177. */
inline Matrix rgbToXyz(const std::array<std::array<double, 2>, 3> &primaries) {
  const auto xyz = [](double x, double y) { return Vector{x / y, 1, (1 - x - y) / y}; };
  Matrix columns = {xyz(primaries[0][0], primaries[0][1]), xyz(primaries[1][0], primaries[1][1]),
                    xyz(primaries[2][0], primaries[2][1])};
  const Vector gains = inverse(transposed(columns)) * xyz(0.3127, 0.3290);
  for (int i = 0; i < 3; i++)
    for (auto &value : columns[i]) value *= gains[i];
  return transposed(columns);
}

/** Linear BT.2020 to linear BT.709. */
inline Matrix from2020To709() {
  return inverse(rgbToXyz({{{0.640, 0.330}, {0.300, 0.600}, {0.150, 0.060}}})) *
         rgbToXyz({{{0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}}});
}

/** SMPTE ST 2084: code to nits. */
inline double pqEotf(double code) {
  const double m1 = 0.1593017578125, m2 = 78.84375, c1 = 0.8359375, c2 = 18.8515625, c3 = 18.6875;
  const double n = std::pow(std::clamp(code, 0.0, 1.0), 1 / m2);
  return 10000 * std::pow(std::max(n - c1, 0.0) / (c2 - c3 * n), 1 / m1);
}

/** Nits to code, but 0 for black. */
inline double pqInverse(double nits) {
  const double m1 = 0.1593017578125, m2 = 78.84375, c1 = 0.8359375, c2 = 18.8515625, c3 = 18.6875;
  const double y = std::pow(std::max(nits, 0.0) / 10000, m1);
  return nits <= 0 ? 0 : std::pow((c1 + c2 * y) / (1 + c3 * y), m2);
}

/** ARIB STD-B67: code to scene light. */
inline double hlgInverseOetf(double code) {
  const double a = 0.17883277, b = 0.28466892, c = 0.55991073, x = std::clamp(code, 0.0, 1.0);
  return x <= 0.5 ? x * x / 3 : (std::exp((x - c) / a) + b) / 12;
}

/** System gamma, BT.2100 within 400..2000 nits, BT.2390 beyond. */
inline double hlgGamma(double peak) {
  if (peak < 400 || peak > 2000) return 1.2 * std::pow(1.111, std::log2(peak / 1000));
  return 1.2 + 0.42 * std::log10(peak / 1000);
}

/** The EETF of BT.2390 in nits, from 0..peak to black..target, with the lift stretched to end at the target. */
inline double bt2390(double nits, double peak, double target, double black) {
  const double top = pqInverse(peak), maxLum = std::min(pqInverse(target) / top, 1.0), minLum = pqInverse(black) / top;
  const double ks = 1.5 * maxLum - 0.5;
  double e = std::min(pqInverse(nits) / top, 1.0);
  if (e > ks && ks < 1) {
    const double t = (e - ks) / (1 - ks);
    e = (2 * t * t * t - 3 * t * t + 1) * ks + (t * t * t - 2 * t * t + t) * (1 - ks) +
        (-2 * t * t * t + 3 * t * t) * maxLum;
  }
  if (minLum > 0) {
    const double power = std::min(4.0, 1 / minLum);
    const auto lift = [&](double x) { return x + minLum * std::pow(1 - x, power); };
    e = minLum + (lift(e) - minLum) / (lift(maxLum) - minLum) * (maxLum - minLum);
  }
  return pqEotf(e * top);
}

/** The Moebius transform that touches the identity at 0.3 and takes the peak to 1. */
inline double mobius(double x, double peak) {
  const double join = 0.3;
  const double bend = 1 / (1 - join) - 1 / (peak - join);
  return x <= join ? x : join + (x - join) / (1 + bend * (x - join));
}

/** Hable's curve as he published it. */
inline double hable(double x) {
  const double A = 0.15, B = 0.50, C = 0.10, D = 0.20, E = 0.02, F = 0.30;
  return ((x * (A * x + C * B) + D * E) / (x * (A * x + B) + D * F)) - E / F;
}

}  // namespace reference

#endif
