package io.github.yolox4j.video;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_ANSI;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_BINTEXT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_IDF;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_XBIN;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import io.github.yolox4j.YoloxException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** Video files and network streams through FFmpeg's demuxers and decoders. */
final class FfmpegVideoReader implements VideoReader {

  /** FFmpeg draws what a terminal would show. */
  private static final Set<Integer> TEXT =
      Set.of(AV_CODEC_ID_ANSI, AV_CODEC_ID_BINTEXT, AV_CODEC_ID_XBIN, AV_CODEC_ID_IDF);

  private static final String TEN_SECONDS_IN_MICROSECONDS = "10000000";

  /** Ends the waiting of a thread that is interrupted. */
  private static final AVIOInterruptCB.Callback_Pointer INTERRUPTED =
      new AVIOInterruptCB.Callback_Pointer() {
        @Override
        public int call(Pointer nothing) {
          return Thread.currentThread().isInterrupted() ? 1 : 0;
        }
      };

  private final String source;
  private final AVFormatContext container = Ffmpeg.allocated(avformat_alloc_context());
  private final AVCodecContext decoder = Ffmpeg.allocated(avcodec_alloc_context3(null));
  private final AVPacket packet = Ffmpeg.allocated(av_packet_alloc());
  private final AVFrame decoded = Ffmpeg.allocated(av_frame_alloc());
  private final AVFrame converted = Ffmpeg.allocated(av_frame_alloc());
  private final SwsContext converter = Ffmpeg.allocateConverter();
  private final int streamIndex;
  private final FrameSize codedSize;
  private final Orientation orientation;
  private final double framesPerSecond;
  private final long frameCount;

  /** The picture in {@link #converted}'s memory. */
  private final Mat picture;

  /** Why no more packets come: 0 while they do. */
  private int packetsEnd;

  private FfmpegVideoReader(String source, String address, Map<String, String> options) {
    this.source = source;
    try {
      container.interrupt_callback().callback(INTERRUPTED);
      open(address, options);
      streamIndex =
          Ffmpeg.check(
              av_find_best_stream(container, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0),
              source + " holds no video");
      keepOnly(streamIndex);
      AVStream stream = container.streams(streamIndex);
      if (TEXT.contains(stream.codecpar().codec_id())) {
        throw new YoloxException(source + " holds no video: it is a text");
      }
      openDecoder(stream.codecpar());
      codedSize = FrameSize.checked(source, decoder.width(), decoder.height());
      orientation = orientation(stream.codecpar());
      framesPerSecond = framesPerSecond(stream);
      frameCount = stream.nb_frames() > 0 ? stream.nb_frames() : -1;
      Ffmpeg.allocate(converted, AV_PIX_FMT_BGR24, codedSize, source + ": no memory for a picture");
      picture = Ffmpeg.view(converted);
    } catch (RuntimeException | Error failure) {
      free();
      throw failure;
    }
  }

  static FfmpegVideoReader file(Path file) {
    // without the protocol, a name such as concat:a.mp4 would be one; a playlist reads files only
    return new FfmpegVideoReader(
        file.toString(), "file:" + file.toAbsolutePath(), Map.of("protocol_whitelist", "file"));
  }

  static FfmpegVideoReader stream(String address) {
    String protocol = address.substring(0, address.indexOf(':')).toLowerCase(Locale.ROOT);
    return new FfmpegVideoReader(address, address, streamOptions(protocol));
  }

  private static Map<String, String> streamOptions(String protocol) {
    String networkOnly =
        "crypto,http,httpproxy,https,rtmp,rtmps,rtmpt,rtp,rtsp,rtsps,srtp,tcp,tls,udp";
    Map<String, String> options = new HashMap<>(Map.of("protocol_whitelist", networkOnly));
    boolean rtsp = Set.of("rtsp", "rtsps").contains(protocol);
    // RTMP's own "timeout" would make it listen
    if (!Set.of("rtmp", "rtmps", "rtmpt").contains(protocol)) {
      options.put("timeout", TEN_SECONDS_IN_MICROSECONDS);
    }
    // over TCP no packet is lost
    options.put(
        rtsp ? "rtsp_flags" : "rw_timeout", rtsp ? "prefer_tcp" : TEN_SECONDS_IN_MICROSECONDS);
    return options;
  }

  private void open(String address, Map<String, String> options) {
    String problem = source + " cannot be read as a video";
    var dictionary = new AVDictionary((Pointer) null);
    try {
      options.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
      Ffmpeg.check(avformat_open_input(container, address, null, dictionary), problem);
    } finally {
      av_dict_free(dictionary);
    }
    Ffmpeg.check(avformat_find_stream_info(container, (AVDictionary) null), problem);
  }

  private void keepOnly(int index) {
    for (int i = 0; i < container.nb_streams(); i++) {
      if (i != index) {
        container.streams(i).discard(AVDISCARD_ALL);
      }
    }
  }

  private void openDecoder(AVCodecParameters parameters) {
    String problem = source + " cannot be read as a video";
    AVCodec codec = avcodec_find_decoder(parameters.codec_id());
    if (codec == null) {
      throw new YoloxException(problem + ": FFmpeg has no decoder for it");
    }
    Ffmpeg.check(avcodec_parameters_to_context(decoder, parameters), problem);
    FrameSize.checked(source, decoder.width(), decoder.height());
    decoder.max_pixels(FrameSize.MAX_PIXELS);
    decoder.thread_count(0);
    Ffmpeg.check(avcodec_open2(decoder, codec, (AVDictionary) null), problem);
  }

  private static Orientation orientation(AVCodecParameters parameters) {
    AVPacketSideData matrix =
        av_packet_side_data_get(
            parameters.coded_side_data(),
            parameters.nb_coded_side_data(),
            AV_PKT_DATA_DISPLAYMATRIX);
    if (matrix == null || matrix.size() < 9 * Integer.BYTES) {
      return Orientation.AS_STORED;
    }
    int[] numbers = new int[9];
    matrix
        .data()
        .capacity(matrix.size())
        .asByteBuffer()
        .order(ByteOrder.nativeOrder())
        .asIntBuffer()
        .get(numbers);
    return Orientation.of(numbers);
  }

  private static double framesPerSecond(AVStream stream) {
    double average = quotient(stream.avg_frame_rate());
    return FrameRate.orDefault(
        FrameRate.isValid(average) ? average : quotient(stream.r_frame_rate()));
  }

  private static double quotient(AVRational rational) {
    return (double) rational.num() / rational.den();
  }

  @Override
  public boolean read(Mat target) {
    if (packet.isNull()) {
      throw new IllegalStateException("the reader is closed");
    }
    while (true) {
      int result = avcodec_receive_frame(decoder, decoded);
      if (result >= 0) {
        Ffmpeg.check(
            sws_scale_frame(converter, converted, decoded),
            source + ": a picture cannot be converted to BGR");
        orientation.copy(picture, target);
        return true;
      }
      if (result == AVERROR_EOF) {
        if (packetsEnd != AVERROR_EOF) {
          Ffmpeg.check(packetsEnd, source + " broke off");
        }
        return false;
      }
      // it wants more, or what it had was damaged: both ways the next packet is due
      feedDecoder();
    }
  }

  private void feedDecoder() {
    int result = packetsEnd == 0 ? av_read_frame(container, packet) : packetsEnd;
    if (result == Ffmpeg.AGAIN) {
      return;
    }
    if (result < 0) {
      packetsEnd = result;
      avcodec_send_packet(decoder, null);
      return;
    }
    if (packet.stream_index() == streamIndex) {
      // a damaged packet is refused, and skipped
      avcodec_send_packet(decoder, packet);
    }
    av_packet_unref(packet);
  }

  @Override
  public int width() {
    return orientation.sideways() ? codedSize.height() : codedSize.width();
  }

  @Override
  public int height() {
    return orientation.sideways() ? codedSize.width() : codedSize.height();
  }

  @Override
  public double framesPerSecond() {
    return framesPerSecond;
  }

  @Override
  public long frameCount() {
    return frameCount;
  }

  @Override
  public void close() {
    picture.close();
    free();
  }

  /** Each function nulls its pointer, and does nothing for a null one. */
  private void free() {
    sws_free_context(converter);
    av_frame_free(converted);
    av_frame_free(decoded);
    av_packet_free(packet);
    avcodec_free_context(decoder);
    avformat_close_input(container);
  }
}
