#pragma once

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "yolox.hpp"

/** A picture of a test: BGR without gaps. */
struct TestPicture {
  std::vector<std::uint8_t> bgr;
  int width = 0;
  int height = 0;

  yolox::Picture view() const { return {bgr.data(), width, height, yolox::PixelFormat::bgr, 0}; }
};

inline TestPicture read_ppm(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string magic;
  int maximum = 0;
  TestPicture picture;
  file >> magic >> picture.width >> picture.height >> maximum;
  file.get();
  if (!file || magic != "P6" || maximum != 255) {
    throw std::runtime_error(path + " is no PPM picture");
  }
  picture.bgr.resize(std::size_t{3} * picture.width * picture.height);
  file.read(reinterpret_cast<char*>(picture.bgr.data()),
            static_cast<std::streamsize>(picture.bgr.size()));
  for (std::size_t i = 0; i + 2 < picture.bgr.size(); i += 3) {
    std::swap(picture.bgr[i], picture.bgr[i + 2]);
  }
  return picture;
}
