// Prints the objects in pictures:
//
//     detect [--confidence SCORE] WEIGHTS PICTURE...
//
// A picture in the format PPM (P6) is read here, to show how pixels in memory are handed over; any
// other is left to yolox4j to decode.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <yolox.hpp>

namespace {

struct Pixels {
  std::vector<std::uint8_t> rgb;
  int width = 0;
  int height = 0;
};

bool is_ppm(const std::string& path) {
  return path.size() > 4 && path.compare(path.size() - 4, 4, ".ppm") == 0;
}

/** Reads a PPM of 8 bits without comments. */
Pixels read_ppm(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string magic;
  Pixels pixels;
  int maximum = 0;
  file >> magic >> pixels.width >> pixels.height >> maximum;
  constexpr int largest = 1 << 14;
  if (!file || magic != "P6" || maximum != 255 || pixels.width < 1 || pixels.height < 1 ||
      pixels.width > largest || pixels.height > largest) {
    throw std::runtime_error(path + " is not a PPM picture of 8 bits");
  }
  file.get();  // the one blank between header and pixels
  pixels.rgb.resize(std::size_t{3} * pixels.width * pixels.height);
  file.read(reinterpret_cast<char*>(pixels.rgb.data()),
            static_cast<std::streamsize>(pixels.rgb.size()));
  if (!file) {
    throw std::runtime_error(path + " is cut off");
  }
  return pixels;
}

std::vector<yolox::Detection> detect(const yolox::Detector& detector, const std::string& path) {
  if (!is_ppm(path)) {
    return detector.detect_file(path);
  }
  const Pixels pixels = read_ppm(path);
  yolox::Picture picture;
  picture.pixels = pixels.rgb.data();
  picture.width = pixels.width;
  picture.height = pixels.height;
  picture.format = yolox::PixelFormat::rgb;
  return detector.detect(picture);
}

}  // namespace

int main(int count, char** values) {
  std::vector<std::string> arguments(values + 1, values + count);
  yolox::Options options;
  if (arguments.size() > 2 && arguments[0] == "--confidence") {
    options.confidence = std::strtof(arguments[1].c_str(), nullptr);
    arguments.erase(arguments.begin(), arguments.begin() + 2);
  }
  if (arguments.size() < 2) {
    std::fprintf(stderr, "usage: detect [--confidence SCORE] WEIGHTS PICTURE...\n");
    return 2;
  }
  try {
    options.weights = arguments[0];
    const yolox::Detector detector(options);
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      for (const yolox::Detection& found : detect(detector, arguments[i])) {
        std::printf("%s: %s %.3f [%.1f %.1f %.1f %.1f]\n", arguments[i].c_str(),
                    detector.class_names().at(found.class_id).c_str(), found.score, found.x1,
                    found.y1, found.x2, found.y2);
      }
    }
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "detect: %s\n", e.what());
    return 1;
  }
}
