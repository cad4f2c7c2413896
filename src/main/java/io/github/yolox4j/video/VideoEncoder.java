package io.github.yolox4j.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;
import static org.bytedeco.ffmpeg.global.avutil.av_d2q;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_inv_q;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.opencv.global.opencv_core.BORDER_REPLICATE;
import static org.bytedeco.opencv.global.opencv_core.copyMakeBorder;

import io.github.yolox4j.YoloxException;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.opencv.opencv_core.Mat;

/** Pictures in, packets out: H.264 where this build of FFmpeg and the size allow, else MPEG-4. */
final class VideoEncoder implements AutoCloseable {

  /** What a clock of MPEG-4 can hold. */
  private static final int MAX_RATE_TERM = 65_535;

  /** A macroblock; the encoder accepts less, and fails on the first picture. */
  private static final int H264_MIN_LENGTH = 16;

  /** Enough for drawn edges to stay sharp. */
  private static final double H264_BITS_PER_PIXEL = 0.2;

  private static final long H264_MIN_BITS_PER_SECOND = 500_000;
  private static final long H264_MAX_BITS_PER_SECOND = 50_000_000;

  /** Of 1, the best, to 31. */
  private static final int MPEG4_QUANTISER = 3;

  private final String problem;
  private final FrameSize size;
  private final AVCodecContext context;
  private final AVPacket packet = Ffmpeg.allocated(av_packet_alloc());
  private final AVFrame bgr = Ffmpeg.allocated(av_frame_alloc());
  private final AVFrame yuv = Ffmpeg.allocated(av_frame_alloc());
  private final SwsContext converter = Ffmpeg.allocateConverter();

  /** The picture in {@link #bgr}'s memory. */
  private final Mat picture;

  private VideoEncoder(AVCodec codec, FrameSize size, double framesPerSecond, String problem) {
    this.problem = problem;
    this.size = size;
    context = Ffmpeg.allocated(avcodec_alloc_context3(codec));
    try {
      // YUV 4:2:0 has a colour for every two by two pixels
      var even = new FrameSize(roundUpToEven(size.width()), roundUpToEven(size.height()));
      configure(even, framesPerSecond);
      Ffmpeg.check(avcodec_open2(context, codec, (AVDictionary) null), problem);
      Ffmpeg.allocate(bgr, AV_PIX_FMT_BGR24, even, problem);
      Ffmpeg.allocate(yuv, AV_PIX_FMT_YUV420P, even, problem);
      yuv.colorspace(context.colorspace());
      yuv.color_range(context.color_range());
      yuv.color_primaries(context.color_primaries());
      yuv.color_trc(context.color_trc());
      picture = Ffmpeg.view(bgr);
    } catch (RuntimeException | Error failure) {
      free();
      throw failure;
    }
  }

  /**
   * Opens an encoder.
   *
   * @param problem the beginning of the sentence for every error
   */
  static VideoEncoder open(FrameSize size, double framesPerSecond, String problem) {
    AVCodec h264 = avcodec_find_encoder_by_name("libopenh264");
    if (h264 != null && Math.min(size.width(), size.height()) >= H264_MIN_LENGTH) {
      try {
        return new VideoEncoder(h264, size, framesPerSecond, problem);
      } catch (YoloxException tooLarge) {
        // MPEG-4 takes larger pictures
      }
    }
    AVCodec mpeg4 = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
    if (mpeg4 == null) {
      throw new YoloxException(problem + ": FFmpeg was built without an encoder for MP4");
    }
    return new VideoEncoder(mpeg4, size, framesPerSecond, problem);
  }

  private static int roundUpToEven(int length) {
    return Math.addExact(length, length & 1);
  }

  private void configure(FrameSize even, double framesPerSecond) {
    context.width(even.width());
    context.height(even.height());
    context.pix_fmt(AV_PIX_FMT_YUV420P);
    context.colorspace(AVCOL_SPC_BT709);
    context.color_range(AVCOL_RANGE_MPEG);
    context.color_primaries(AVCOL_PRI_BT709);
    context.color_trc(AVCOL_TRC_BT709);
    try (AVRational rate = av_d2q(framesPerSecond, MAX_RATE_TERM);
        AVRational tick = av_inv_q(rate)) {
      context.framerate(rate);
      context.time_base(tick);
    }
    // MP4 keeps the parameter sets in its index
    context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    if (context.codec_id() == AV_CODEC_ID_MPEG4) {
      context.flags(context.flags() | AV_CODEC_FLAG_QSCALE);
      context.global_quality(MPEG4_QUANTISER * FF_QP2LAMBDA);
    } else {
      double bits = H264_BITS_PER_PIXEL * even.width() * even.height() * framesPerSecond;
      context.bit_rate(
          Math.clamp(Math.round(bits), H264_MIN_BITS_PER_SECOND, H264_MAX_BITS_PER_SECOND));
    }
  }

  /** Returns the codec's parameters, owned by the encoder. */
  AVCodecContext context() {
    return context;
  }

  /** Encodes a picture of the encoder's size; the packets are valid during the call only. */
  void encode(Mat source, long index, Consumer<AVPacket> packets) {
    copyMakeBorder(
        source,
        picture,
        0,
        picture.rows() - size.height(),
        0,
        picture.cols() - size.width(),
        BORDER_REPLICATE);
    // the encoder may hold on to the frame before
    Ffmpeg.check(av_frame_make_writable(yuv), problem);
    Ffmpeg.check(sws_scale_frame(converter, yuv, bgr), problem);
    yuv.pts(index);
    send(yuv, packets);
  }

  /** Gives the packets that the encoder holds back. */
  void flush(Consumer<AVPacket> packets) {
    send(null, packets);
  }

  private void send(AVFrame frame, Consumer<AVPacket> packets) {
    Ffmpeg.check(avcodec_send_frame(context, frame), problem);
    while (true) {
      int result = avcodec_receive_packet(context, packet);
      if (result == Ffmpeg.AGAIN || result == AVERROR_EOF) {
        return;
      }
      Ffmpeg.check(result, problem);
      packets.accept(packet);
    }
  }

  boolean isClosed() {
    return context.isNull();
  }

  @Override
  public void close() {
    picture.close();
    free();
  }

  /** Each function nulls its pointer, and does nothing for a null one. */
  private void free() {
    sws_free_context(converter);
    av_frame_free(yuv);
    av_frame_free(bgr);
    av_packet_free(packet);
    avcodec_free_context(context);
  }
}
