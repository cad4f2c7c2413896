package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import io.github.yolox4j.files.TextFile;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads one VOC annotation file. A document type is refused: it could name other files. */
final class VocAnnotationReader {

  /**
   * What a VOC annotation file says of an image.
   *
   * @param name the image's name, without an extension
   * @param width in pixels, 0 if the file does not tell
   * @param readable whether it could be read at all
   * @param wrong what could not be read, a sentence each
   */
  record Annotation(
      String name,
      Path file,
      int width,
      int height,
      List<Labelled> objects,
      boolean readable,
      List<String> wrong) {}

  /** An object with the 1-based, inclusive coordinates of the file. */
  record Labelled(
      String name, double xmin, double ymin, double xmax, double ymax, boolean difficult) {}

  private static final Set<String> YES = Set.of("1", "true");
  private static final Set<String> NO = Set.of("0", "false", "");
  private static final String OBJECT = "/annotation/object";
  private static final String WIDTH = "/annotation/size/width";
  private static final String HEIGHT = "/annotation/size/height";

  private final String name;
  private final Path file;
  private final XMLStreamReader xml;
  private int width;
  private int height;
  private int number;
  private final List<String> wrong = new ArrayList<>();
  private final List<Labelled> objects = new ArrayList<>();

  private VocAnnotationReader(String name, Path file, XMLStreamReader xml) {
    this.name = name;
    this.file = file;
    this.xml = xml;
  }

  static Annotation read(String name, Path file) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      // decoded before, since the parser prints what it cannot decode
      String text = TextFile.readXml("Annotation file", file);
      XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
      return new VocAnnotationReader(name, file, xml).read();
    } catch (XMLStreamException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNumber();
      return unreadable(name, file, "%s line %d: this is not valid XML".formatted(file, line));
    } catch (YoloxException e) {
      return unreadable(name, file, e.getMessage());
    }
  }

  private static Annotation unreadable(String name, Path file, String why) {
    return new Annotation(name, file, 0, 0, List.of(), false, List.of(why));
  }

  private Annotation read() throws XMLStreamException {
    StringBuilder path = new StringBuilder();
    StringBuilder text = new StringBuilder();
    Map<String, String> object = new HashMap<>();
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.DTD -> throw error("a document type is not allowed");
        case XMLStreamConstants.START_ELEMENT -> {
          if (path.isEmpty() && !xml.getLocalName().equals("annotation")) {
            throw error("the root is <%s>; expected <annotation>".formatted(xml.getLocalName()));
          }
          path.append('/').append(xml.getLocalName());
          text.setLength(0);
        }
        case XMLStreamConstants.CHARACTERS -> text.append(xml.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          String element = path.toString();
          String value = text.toString().strip();
          switch (element) {
            case OBJECT -> {
              number++;
              try {
                objects.add(labelled(object));
              } catch (YoloxException e) {
                wrong.add(e.getMessage());
              }
              object.clear();
            }
            case WIDTH -> width = side("width", value);
            case HEIGHT -> height = side("height", value);
            default -> {
              if (element.startsWith(OBJECT + "/")) {
                object.put(element.substring(OBJECT.length() + 1), value);
              }
            }
          }
          path.setLength(path.length() - xml.getLocalName().length() - 1);
        }
        default -> {}
      }
    }
    return new Annotation(name, file, width, height, objects, true, wrong);
  }

  private Labelled labelled(Map<String, String> object) {
    String label = object.get("name");
    if (label == null || label.isEmpty()) {
      throw error("object %d has no name".formatted(number));
    }
    double xmin = coordinate(object, "bndbox/xmin");
    double ymin = coordinate(object, "bndbox/ymin");
    double xmax = coordinate(object, "bndbox/xmax");
    double ymax = coordinate(object, "bndbox/ymax");
    if (xmax < xmin || ymax < ymin) {
      throw error(
          "object %d has the box %s %s to %s %s; expected xmax and ymax not below xmin and ymin"
              .formatted(number, xmin, ymin, xmax, ymax));
    }
    String difficult = object.getOrDefault("difficult", "0").toLowerCase(Locale.ROOT);
    if (!YES.contains(difficult) && !NO.contains(difficult)) {
      throw error("object %d has difficult \"%s\"; expected 0 or 1".formatted(number, difficult));
    }
    return new Labelled(label, xmin, ymin, xmax, ymax, YES.contains(difficult));
  }

  private double coordinate(Map<String, String> object, String key) {
    String text = object.get(key);
    if (text == null) {
      throw error("object %d has no %s".formatted(number, key));
    }
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw error("object %d has %s \"%s\"; expected a finite number".formatted(number, key, text));
  }

  /** A number of pixels, which some programs write as 320.0. */
  private int side(String key, String text) {
    try {
      double side = Double.parseDouble(text);
      if (side >= 0 && side == Math.rint(side) && side <= Integer.MAX_VALUE) {
        return (int) side;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw error("%s is \"%s\"; expected a number of pixels".formatted(key, text));
  }

  private YoloxException error(String what) {
    return new YoloxException(
        "%s line %d: %s".formatted(file, xml.getLocation().getLineNumber(), what));
  }
}
