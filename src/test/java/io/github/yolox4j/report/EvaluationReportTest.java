package io.github.yolox4j.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.yolox4j.Shared;
import io.github.yolox4j.YoloxException;
import io.github.yolox4j.data.BoundingBox;
import io.github.yolox4j.data.GroundTruth;
import io.github.yolox4j.data.GroundTruthBuilder;
import io.github.yolox4j.data.ImageId;
import io.github.yolox4j.eval.DetectionAnalysis;
import io.github.yolox4j.eval.Detections;
import io.github.yolox4j.image.Picture;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class EvaluationReportTest {

  private static final String EVIL = "<script>alert('\"&\u0001\u202E')</script>,\"x\"";
  private static final Pattern JPEG = Pattern.compile("data:image/jpeg;base64,([^\"]*)");

  @TempDir private Path folder;

  private static Detections detections(int images) {
    GroundTruthBuilder truth = new GroundTruthBuilder("test");
    truth.addCategory(new GroundTruth.Category(1, EVIL));
    truth.addCategory(new GroundTruth.Category(2, "dog"));
    for (int i = 0; i < images; i++) {
      ImageId id = new ImageId.OfNumber(i);
      truth.addImage(new GroundTruth.Image(id, i == 0 ? "../" + EVIL : i + ".png", 400, 300));
      truth.add(id, 1, new BoundingBox(50, 40, 100, 80));
      truth.add(id, 2, new BoundingBox(300, 200, 60, 60));
    }
    Detections detections = new Detections(truth.build());
    for (int i = 0; i < images; i++) {
      detections.add(i, 0, new BoundingBox(55, 40, 100, 80), 0.7 - 0.01 * i);
      detections.add(i, 1, new BoundingBox(60, 45, 90, 80), 0.8 - 0.01 * i);
      detections.add(i, 1, new BoundingBox(-20, 250, 90, 80), 0.85 - 0.01 * i);
    }
    return detections;
  }

  private static EvaluationReport report(Detections detections, Optional<Path> images) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Model", "nano");
    facts.put("Weights", EVIL);
    return new EvaluationReport(
        "Nano on " + EVIL,
        facts,
        AccuracyMetric.COCO.measure(detections),
        DetectionAnalysis.of(detections),
        images);
  }

  private String page(EvaluationReport report) throws IOException {
    report.write(folder);
    return Files.readString(folder.resolve(EvaluationReport.PAGE));
  }

  private static Document parsed(String page) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setExpandEntityReferences(false);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(page)));
  }

  private void paint(int image) throws IOException {
    BufferedImage picture = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.LIGHT_GRAY);
    graphics.fillRect(0, 0, 400, 300);
    graphics.dispose();
    ImageIO.write(picture, "png", folder.resolve(image + ".png").toFile());
  }

  @Test
  void namesFromFilesStayText() throws Exception {
    String page = page(report(detections(3), Optional.empty()));
    Document document = parsed(page);
    assertEquals(0, document.getElementsByTagName("script").getLength());
    assertFalse(page.contains("<script"));
    assertFalse(page.contains("\u202E"));
    assertTrue(
        document.getElementsByTagName("h1").item(0).getTextContent().contains("<script>alert('"));
  }

  @Test
  void needsNoOtherFile() throws Exception {
    paint(1);
    String page = page(report(detections(3), Optional.of(folder)));
    Document document = parsed(page);
    assertFalse(page.contains("http:") || page.contains("https:"));
    assertFalse(page.contains("url(") || page.contains("@import"));
    assertEquals(0, document.getElementsByTagName("link").getLength());
    var pictures = document.getElementsByTagName("img");
    for (int i = 0; i < pictures.getLength(); i++) {
      String source = pictures.item(i).getAttributes().getNamedItem("src").getNodeValue();
      assertTrue(source.startsWith("data:image/jpeg;base64,"));
    }
  }

  @Test
  void showsMistakesOfReadableImagesAndFreesThem() throws Exception {
    paint(1);
    Files.writeString(folder.resolve("2.png"), "no picture");
    EvaluationReport report = report(detections(4), Optional.of(folder));
    page(report); // loads what stays loaded
    long before = Pointer.totalCount();
    String page = page(report);
    assertEquals(before, Pointer.totalCount());
    // the confusion, the background and the miss of image 1; images 0, 2 and 3 cannot be read
    assertEquals(3, JPEG.matcher(page).results().count());
    assertTrue(page.contains("no picture"));
    Matcher jpeg = JPEG.matcher(page);
    assertTrue(jpeg.find());
    try (Picture thumbnail = Picture.decode(Base64.getDecoder().decode(jpeg.group(1)), "it")) {
      assertTrue(thumbnail.width() <= 320 && thumbnail.height() <= 240);
    }
  }

  @Test
  void writesEverythingAsJson() throws Exception {
    Detections detections = detections(3);
    EvaluationReport report = report(detections, Optional.empty());
    report.write(folder);
    JsonNode json = new ObjectMapper().readTree(folder.resolve(EvaluationReport.JSON).toFile());
    assertEquals(EVIL, json.at("/facts/Weights").textValue());
    assertEquals(report.accuracy().numbers().getFirst().value(), json.at("/scores/AP").asDouble());
    assertEquals(report.analysis().threshold(), json.at("/errors/threshold").asDouble());
    assertEquals(3, json.at("/errors/correct").asInt());
    assertEquals(3, json.at("/confusion").size());
    assertEquals(3, json.at("/confusion/0/1").asInt());
    assertEquals(101, json.at("/classes/1/precision_at_recall").size());
    assertEquals(EVIL, json.at("/classes/0/name").textValue());
    assertEquals(4, json.at("/worst_misses/0/bbox").size());
  }

  @Test
  void writesTheClassesAsCsv() throws Exception {
    report(detections(3), Optional.empty()).write(folder);
    String csv = Files.readString(folder.resolve(EvaluationReport.CSV));
    assertTrue(csv.startsWith("class,ap,ap50,ar,objects,threshold,precision,recall,f1\r\n\"<"));
    assertTrue(csv.contains("</script>,\"\"x\"\"\","));
    assertTrue(csv.endsWith("\"dog\",0.0,0.0,0.0,3,0.85,0.0,0.0,0.0\r\n"));
  }

  @Test
  void showsTheNumbersOfVocWithoutRecall() throws Exception {
    Detections detections = detections(3);
    Accuracy accuracy = AccuracyMetric.VOC12.measure(detections);
    EvaluationReport report =
        new EvaluationReport(
            "VOC", Map.of(), accuracy, DetectionAnalysis.of(detections), Optional.empty());
    String page = page(report);
    parsed(page);
    assertTrue(page.contains("mAP50"));
    assertFalse(page.contains("<th>AR</th>"));
    assertEquals(3, accuracy.classes().getFirst().objects());
  }

  @Test
  void showsADataSetWithoutDetections() throws Exception {
    Detections detections = new Detections(detections(2).groundTruth());
    parsed(page(report(detections, Optional.of(folder))));
  }

  @Test
  void showsTheClassesConfusedMostOfMany() throws Exception {
    GroundTruth truth = GroundTruth.read(Shared.data("cocoeval/instances_val2014_100.json"));
    Detections detections =
        Detections.read(Shared.data("cocoeval/instances_val2014_fakebbox100_results.json"), truth);
    EvaluationReport report = report(detections, Optional.empty());
    HeatMap map = new HeatMap(report.analysis().confusion(), truth);
    assertEquals(HeatMap.MOST_CLASSES, map.shown().size());
    String page = page(report);
    parsed(page);
    assertTrue(page.contains("Of 80 classes, the 20"));
  }

  @Test
  void tellsThatTheFolderIsMissing() {
    EvaluationReport report = report(detections(1), Optional.empty());
    assertThrows(YoloxException.class, () -> report.write(folder.resolve("absent")));
  }
}
