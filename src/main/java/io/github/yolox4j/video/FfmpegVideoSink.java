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
final class FfmpegVideoSink extends VideoSink {

  private final String problem;
  private final VideoEncoder encoder;
  private final AVFormatContext container = new AVFormatContext((Pointer) null);
  private final AVIOContext output = new AVIOContext((Pointer) null);

  /** Takes over the file and the encoder. */
  private FfmpegVideoSink(FrameSize size, UnfinishedFile file, VideoEncoder encoder) {
    super(size, file);
    this.encoder = encoder;
    problem = problem(path());
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
    String address = "file:" + temporary().toAbsolutePath();
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
  void append(Mat picture, long index) {
    encoder.encode(picture, index, this::append);
  }

  private void append(AVPacket packet) {
    packet.duration(1);
    av_packet_rescale_ts(packet, encoder.context().time_base(), container.streams(0).time_base());
    Ffmpeg.check(av_interleaved_write_frame(container, packet), problem);
  }

  @Override
  void complete(long frames) {
    encoder.flush(this::append);
    Ffmpeg.check(av_write_trailer(container), problem);
    Ffmpeg.check(avio_closep(output), problem);
    free();
  }

  @Override
  boolean isOpen() {
    return !encoder.isClosed();
  }

  @Override
  void free() {
    encoder.close();
    avio_closep(output);
    avformat_free_context(container);
    container.setNull();
  }
}
