package io.github.yolox4j.video;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.presets.NativeLibraries;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.presets.avutil;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * FFmpeg's libraries, loaded on first use and silenced. Where they are absent, that use fails with
 * a {@link LinkageError}.
 */
final class Ffmpeg {

  /** The code by which a codec asks for more input; it differs between platforms. */
  static final int AGAIN;

  static {
    NativeLibraries.load(avcodec.class, avformat.class, swscale.class);
    av_log_set_level(AV_LOG_QUIET);
    AGAIN = avutil.AVERROR_EAGAIN();
  }

  /** More than any of FFmpeg's reasons takes. */
  private static final int REASON_BYTES = 256;

  private Ffmpeg() {}

  /** Makes a converter between pixel formats that rounds, where the default truncates. */
  static SwsContext allocateConverter() {
    SwsContext converter = allocated(sws_alloc_context());
    converter.flags(SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT);
    return converter;
  }

  /**
   * Passes a result on unless it is an error.
   *
   * @param result what an FFmpeg function returned: negative for an error
   * @param problem the sentence's beginning, completed by FFmpeg's reason
   * @throws YoloxException for an error
   */
  static int check(int result, String problem) {
    if (result < 0) {
      throw new YoloxException(problem + ": " + reason(result));
    }
    return result;
  }

  /** Fails as {@link #check} does when an allocation gave nothing. */
  static <T extends Pointer> T allocated(T pointer) {
    if (pointer == null || pointer.isNull()) {
      throw new OutOfMemoryError("FFmpeg could not allocate memory");
    }
    return pointer;
  }

  private static String reason(int error) {
    if (error == AVERROR_EXIT) {
      return "the thread was interrupted";
    }
    try (BytePointer text = new BytePointer(REASON_BYTES)) {
      av_strerror(error, text, REASON_BYTES);
      return text.getString(StandardCharsets.UTF_8);
    }
  }

  /** Gives a frame memory of its own. */
  static void allocate(AVFrame frame, int format, FrameSize size, String problem) {
    frame.format(format);
    frame.width(size.width());
    frame.height(size.height());
    check(av_frame_get_buffer(frame, 0), problem);
  }

  /** The picture in the memory of a frame of BGR; its rows are padded as the converter wants. */
  static Mat view(AVFrame bgr) {
    return new Mat(bgr.height(), bgr.width(), CV_8UC3, bgr.data(0), bgr.linesize(0));
  }
}
