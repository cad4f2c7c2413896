package io.github.yolox4j.dist;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.ffi.libc.StandardOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.gloo.Device;

/** Exchange between CPUs, over TCP. */
final class GlooBackend {

  private static final String INTERFACE = "GLOO_SOCKET_IFNAME";
  private static final int THREADS = 2;

  private GlooBackend() {}

  static Backend make(Store store, RankEnvironment place, Duration patience) {
    try (Milliseconds timeout = new Milliseconds(patience.toMillis());
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(timeout);
        Device device = device(place)) {
      options.devices().put(device);
      options.threads(THREADS);
      // it prints that it is connected
      return StandardOutput.diverted(
          () -> new ProcessGroupGloo(store, place.rank(), place.size(), options));
    }
  }

  /** The network that leads to the meeting point, unless the user names one. */
  private static Device device(RankEnvironment place) {
    String named = System.getenv(INTERFACE);
    if (named != null) {
      return ProcessGroupGloo.createDeviceForInterface(named);
    }
    try (DatagramSocket probe = new DatagramSocket()) {
      probe.connect(new InetSocketAddress(InetAddress.getByName(place.address()), place.port()));
      return ProcessGroupGloo.createDeviceForHostname(probe.getLocalAddress().getHostAddress());
    } catch (IOException | UncheckedIOException e) {
      throw new YoloxException(
          "%s, where the ranks are to meet, is not reached from here: %s; %s may name the network"
              .formatted(place.address(), e.getMessage(), INTERFACE),
          e);
    }
  }
}
