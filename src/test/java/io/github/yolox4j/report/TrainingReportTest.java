package io.github.yolox4j.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.augment.Augmentation;
import io.github.yolox4j.augment.Batch;
import io.github.yolox4j.augment.BatchLoader;
import io.github.yolox4j.augment.ImageCache;
import io.github.yolox4j.augment.Sampler;
import io.github.yolox4j.augment.TrainingSamples;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.Dataset;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.image.Letterbox;
import io.github.yolox4j.train.RunFolder;
import io.github.yolox4j.train.TrainingEvent;
import io.github.yolox4j.train.TrainingResult;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class TrainingReportTest {

  private static final String EVIL = "<script>alert('\"&\u202E')</script>";
  private static final List<String> CLASSES = List.of(EVIL, "dog");
  private static final int IMAGES = 3;

  @TempDir private Path folder;

  private RunFolder run() {
    return new RunFolder(folder);
  }

  private Dataset dataset() throws IOException {
    GroundTruthBuilder truth = new GroundTruthBuilder("test");
    for (int k = 0; k < CLASSES.size(); k++) {
      truth.addCategory(new GroundTruth.Category(k, CLASSES.get(k)));
    }
    for (int i = 0; i < IMAGES; i++) {
      BufferedImage picture = new BufferedImage(200, 150, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = picture.createGraphics();
      graphics.setColor(Color.ORANGE);
      graphics.fillRect(50, 40, 80, 60);
      graphics.dispose();
      ImageIO.write(picture, "png", folder.resolve(i + ".png").toFile());
      ImageId id = new ImageId.OfNumber(i);
      truth.addImage(new GroundTruth.Image(id, i + ".png", 200, 150));
      truth.add(id, i % 2, new BoundingBox(50, 40, 80, 60));
    }
    return new Dataset(truth.build(), folder);
  }

  private static Detections detections(Dataset dataset) {
    Detections detections = new Detections(dataset.truth());
    for (int i = 0; i < IMAGES; i++) {
      detections.add(i, i % 2, new BoundingBox(50, 40, 80, 60), 0.9);
    }
    return detections;
  }

  private static TrainingEvent.Finished finished() {
    return new TrainingEvent.Finished(new TrainingResult(3, OptionalDouble.empty(), 0, 90));
  }

  private Document page() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setExpandEntityReferences(false);
    String text = Files.readString(run().report());
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
  }

  private static String step(long step, String total) {
    return String.format(
        Locale.ROOT,
        "{\"type\":\"step\",\"epoch\":1,\"iter\":1,\"step\":%d,\"lr\":0.01,\"size\":416,"
            + "\"total\":%s,\"iou\":2,\"obj\":1,\"cls\":1,\"l1\":0,\"images_per_s\":50}%n",
        step,
        total);
  }

  private static String evaluation(long step, double ap) {
    return String.format(
        Locale.ROOT,
        "{\"type\":\"eval\",\"epoch\":1,\"step\":%d,\"AP\":%s,\"AP50\":%s}%n",
        step,
        ap,
        ap);
  }

  @Test
  void showsARunAfterAnEvaluationAndAtItsEnd() throws Exception {
    Dataset dataset = dataset();
    Files.writeString(run().metrics(), step(1, "9.5") + step(2, "8.5") + evaluation(2, 0.5));
    TrainingReport report = new TrainingReport(run());
    report.on(TrainingEvents.started(0, CLASSES, Optional.of(dataset)));
    TrainingSamples samples =
        new TrainingSamples(
            dataset, Augmentation.DEFAULT, new Letterbox(96, 128), 0, ImageCache.none());
    try (BatchLoader loader =
            new BatchLoader(
                samples, new Sampler(IMAGES, 0, 0, 1), 4, 1, 0, _ -> true, Duration.ofMinutes(1));
        Batch batch = loader.next()) {
      report.on(new TrainingEvent.FirstBatch(batch));
    }
    assertFalse(Files.exists(run().report()), "there is nothing to show yet");
    report.on(TrainingEvents.evaluated(1, 2, detections(dataset)));
    Document during = page();
    assertEquals(0, during.getElementsByTagName("script").getLength());
    assertTrue(during.getDocumentElement().getTextContent().contains(EVIL.substring(0, 16)));
    NodeList pictures = during.getElementsByTagName("img");
    assertEquals(2 * IMAGES + 4, pictures.getLength(), "pairs, and the batch's samples");
    for (int i = 0; i < pictures.getLength(); i++) {
      String source = pictures.item(i).getAttributes().getNamedItem("src").getNodeValue();
      assertTrue(source.startsWith("data:image/jpeg;base64,"));
    }
    assertEquals(4, during.getElementsByTagName("svg").getLength());
    long before = Pointer.totalCount();
    report.on(finished());
    assertEquals(before, Pointer.totalCount());
    assertTrue(page().getDocumentElement().getTextContent().contains("1.5 min"));
    assertTrue(page().getDocumentElement().getTextContent().contains("no-augmentation-epochs"));
  }

  @Test
  void showsARunWithoutValidationAndWithoutALog() throws Exception {
    TrainingReport report = new TrainingReport(run());
    report.on(TrainingEvents.started(0));
    report.on(finished());
    assertEquals(0, page().getElementsByTagName("svg").getLength());
    assertTrue(page().getDocumentElement().getTextContent().contains("No losses are logged yet."));
  }

  @Test
  void aLogOfAResumedRunHasEachStepOnce() throws IOException {
    Files.writeString(
        run().metrics(),
        step(1, "9")
            + step(2, "8")
            + evaluation(2, 0.2)
            + step(3, "7")
            + evaluation(3, 0.3)
            + "{\"type\":\"st"
            + step(3, "6")
            + step(3, "6.5")
            + "{\"type\":\"eval\",\"AP\":-1");
    TrainingLog log = TrainingLog.read(run().metrics());
    assertEquals(
        List.of(9.0, 8.0, 6.5), log.steps().stream().map(TrainingLog.Step::total).toList());
    assertEquals(List.of(new TrainingLog.Evaluation(2, 0.2, 0.2)), log.evaluations());
  }

  @Test
  void whatIsNotANumberIsAGap() throws Exception {
    Files.writeString(
        run().metrics(), step(1, "9") + step(2, "8") + step(3, "\"NaN\"") + step(4, "6"));
    TrainingReport report = new TrainingReport(run());
    report.on(TrainingEvents.started(0));
    report.on(finished());
    NodeList lines = page().getElementsByTagName("polyline");
    long total = 0;
    for (int i = 0; i < lines.getLength(); i++) {
      String points = lines.item(i).getAttributes().getNamedItem("points").getNodeValue();
      assertFalse(points.contains("NaN"));
      total += lines.item(i).getParentNode().getTextContent().startsWith("Losses") ? 1 : 0;
    }
    assertEquals(4 + 2, total, "a line for each part, two for the total");
  }

  @Test
  void aLongRunHasASmallPage() throws Exception {
    StringBuilder log = new StringBuilder();
    for (int i = 1; i <= 100_000; i++) {
      log.append(step(i, i <= 200 ? "4" : "2"));
    }
    Files.writeString(run().metrics(), log);
    TrainingReport report = new TrainingReport(run());
    report.on(TrainingEvents.started(0));
    report.on(finished());
    assertTrue(Files.size(run().report()) < 150_000);
    double[] means =
        new Series<>(TrainingLog.read(run().metrics()).steps()).means(TrainingLog.Step::total);
    assertEquals(500, means.length);
    assertEquals(4, means[0]);
    assertEquals(2, means[1]);
  }

  @Test
  void axesHaveRoundTicks() {
    assertEquals(List.of("0", "0.002", "0.004", "0.006", "0.008", "0.01"), texts(0.0099));
    assertEquals(List.of("0", "2e-5", "4e-5", "6e-5", "8e-5", "1e-4"), texts(0.0001));
    assertEquals(List.of("0", "5", "10", "15", "20"), texts(17));
    assertEquals(List.of("0", "50,000", "100,000"), texts(250_000).subList(0, 3));
    assertEquals(List.of("0", "0.2", "0.4", "0.6", "0.8", "1"), texts(Double.NaN));
    assertEquals(List.of("0", "0.2", "0.4", "0.6", "0.8", "1"), texts(1));
  }

  private static List<String> texts(double most) {
    Axis axis = Axis.upTo("it", DoubleStream.of(most));
    return axis.ticks().stream().map(axis::text).toList();
  }

  @Test
  void tellsThatTheFolderIsMissing() {
    TrainingReport report = new TrainingReport(new RunFolder(folder.resolve("absent")));
    report.on(TrainingEvents.started(0));
    assertThrows(YoloxException.class, () -> report.on(finished()));
  }
}
