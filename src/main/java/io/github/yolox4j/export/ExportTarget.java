package io.github.yolox4j.export;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.UnfinishedFile;
import io.github.yolox4j.weights.Checkpoint;
import io.github.yolox4j.weights.FoldedNetwork;
import io.github.yolox4j.weights.PthWriter;
import io.github.yolox4j.weights.SafetensorsWriter;
import io.github.yolox4j.weights.WeightArray;
import io.github.yolox4j.weights.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The formats that a model can be written in. */
public enum ExportTarget {
  /** A model for ONNX Runtime, TensorRT, OpenVINO and others. */
  ONNX(true) {
    @Override
    String writeChecked(Path file, ExportJob job) {
      FoldedNetwork network = job.folded();
      if (job.normKept()) {
        OnnxWriter.writeWithBatchNorm(
            file, network.network(), job.arrays(), job.classNames(), job.options());
      } else {
        OnnxWriter.write(file, network, job.classNames(), job.options());
      }
      return new ExportCheck(file, network, job.options()).onnx();
    }
  },
  /** A model for libtorch. */
  TORCHSCRIPT(true) {
    @Override
    String writeChecked(Path file, ExportJob job) {
      FoldedNetwork network = job.folded();
      TorchScriptWriter.write(file, network, job.classNames(), job.options());
      return new ExportCheck(file, network, job.options()).torchScript();
    }
  },
  /** Named tensors without code. */
  SAFETENSORS(false) {
    @Override
    String writeChecked(Path file, ExportJob job) {
      Map<String, String> metadata = new LinkedHashMap<>();
      metadata.put("model", job.spec().name());
      for (String key : List.of(Weights.CONFIG, Weights.CLASSES)) {
        if (job.source().metadata().containsKey(key)) {
          metadata.put(key, job.source().metadata().get(key));
        }
      }
      Map<String, WeightArray> arrays = job.arrays();
      SafetensorsWriter.write(file, arrays, metadata);
      return readBack(file, arrays);
    }
  },
  /** A checkpoint that the official code loads. */
  PTH(false) {
    @Override
    String writeChecked(Path file, ExportJob job) {
      Map<String, WeightArray> arrays = job.arrays();
      Map<String, Object> root = new LinkedHashMap<>();
      root.put("model", arrays);
      Map<String, Object> own = job.source().ownEntries();
      if (!own.isEmpty()) {
        root.put(Checkpoint.OWN, own);
      }
      PthWriter.write(file, root);
      return readBack(file, arrays);
    }
  };

  private final boolean graph;

  ExportTarget(boolean graph) {
    this.graph = graph;
  }

  /** {@return whether the format has the layers too, and not the weights alone} */
  public boolean graph() {
    return graph;
  }

  /** {@return the name that people type, in lower case} */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Writes a file and reads or runs it; it gets its name when it is as it should be.
   *
   * @param target the file to make or replace
   * @param job what is written
   * @return what was checked, for people
   * @throws YoloxException if the file cannot be written or is not as it should be
   */
  public String write(Path target, ExportJob job) {
    try (UnfinishedFile file = new UnfinishedFile(target)) {
      String checked;
      try {
        checked = writeChecked(file.temporary(), job);
      } catch (YoloxException e) {
        String message = e.getMessage().replace(file.temporary().toString(), target.toString());
        throw new YoloxException(message, e);
      }
      file.commit();
      return checked;
    }
  }

  /** Writes a file and reads or runs it. */
  abstract String writeChecked(Path file, ExportJob job);

  private static String readBack(Path file, Map<String, WeightArray> arrays) {
    try (Weights written = Weights.read(file)) {
      arrays.forEach(
          (key, array) -> {
            WeightArray copy = written.arrays().get(key);
            if (copy == null
                || copy.contiguousCopy().data().mismatch(array.contiguousCopy().data()) >= 0) {
              throw new YoloxException(
                  "%s does not read back as it was written: tensor %s differs"
                      .formatted(file, key));
            }
          });
    }
    return "its tensors read back bit by bit";
  }
}
