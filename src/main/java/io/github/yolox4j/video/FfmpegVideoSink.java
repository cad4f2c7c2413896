package io.github.yolox4j.video;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import io.github.yolox4j.files.Extension;
import io.github.yolox4j.files.UnfinishedFile;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** MP4 through FFmpeg. */
final class FfmpegVideoSink implements VideoSink {

  private final FrameSize size;
  private final UnfinishedFile file;
  private final String problem;
  private final VideoEncoder encoder;
  private final AVFormatContext container = new AVFormatContext((Pointer) null);
  private final AVIOContext output = new AVIOContext((Pointer) null);
  private long frames;

  /** Takes over the file and the encoder. */
  private FfmpegVideoSink(FrameSize size, UnfinishedFile file, VideoEncoder encoder) {
    this.size = size;
    this.file = file;
    this.encoder = encoder;
    problem = problem(file.target());
    try {
      openContainer();
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** Starts a video, or fails with a {@link LinkageError} where FFmpeg is absent. */
  static FfmpegVideoSink create(Path target, FrameSize size, double framesPerSecond) {
    Path path = Extension.replace(target, ".mp4");
    VideoEncoder encoder = VideoEncoder.open(size, framesPerSecond, problem(path));
    UnfinishedFile file;
    try {
      file = new UnfinishedFile(path);
    } catch (RuntimeException failure) {
      encoder.close();
      throw failure;
    }
    return new FfmpegVideoSink(size, file, encoder);
  }

  private static String problem(Path path) {
    return path + " cannot be written";
  }

  private void openContainer() {
    String address = "file:" + file.temporary().toAbsolutePath();
    Ffmpeg.check(avformat_alloc_output_context2(container, null, "mp4", address), problem);
    AVStream stream = Ffmpeg.allocated(avformat_new_stream(container, null));
    stream.time_base(encoder.context().time_base());
    stream.avg_frame_rate(encoder.context().framerate());
    Ffmpeg.check(avcodec_parameters_from_context(stream.codecpar(), encoder.context()), problem);
    Ffmpeg.check(avio_open(output, address, AVIO_FLAG_WRITE), problem);
    container.pb(output);
    var options = new AVDictionary((Pointer) null);
    try {
      // the index first: a browser plays the file while it loads
      av_dict_set(options, "movflags", "+faststart", 0);
      Ffmpeg.check(avformat_write_header(container, options), problem);
    } finally {
      av_dict_free(options);
    }
  }

  @Override
  public Path path() {
    return file.target();
  }

  @Override
  public void write(Mat picture) {
    requireOpen();
    size.requireOf(picture);
    encoder.encode(picture, frames++, this::append);
  }

  private void append(AVPacket packet) {
    packet.duration(1);
    av_packet_rescale_ts(packet, encoder.context().time_base(), container.streams(0).time_base());
    Ffmpeg.check(av_interleaved_write_frame(container, packet), problem);
  }

  @Override
  public void finish() {
    requireOpen();
    if (frames == 0) {
      throw new IllegalStateException("a video needs a picture");
    }
    encoder.flush(this::append);
    Ffmpeg.check(av_write_trailer(container), problem);
    Ffmpeg.check(avio_closep(output), problem);
    free();
    file.commit();
  }

  private void requireOpen() {
    if (encoder.isClosed()) {
      throw new IllegalStateException("the video is finished or closed");
    }
  }

  @Override
  public void close() {
    free();
    file.close();
  }

  private void free() {
    encoder.close();
    avio_closep(output);
    avformat_free_context(container);
    container.setNull();
  }
}
