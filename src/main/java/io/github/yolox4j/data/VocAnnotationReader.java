package io.github.yolox4j.data;

import io.github.yolox4j.YoloxException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   */
  record Annotation(String name, Path file, int width, int height, List<Labelled> objects) {}

  /** An object with the 1-based, inclusive coordinates of the file. */
  record Labelled(
      String name, double xmin, double ymin, double xmax, double ymax, boolean difficult) {}

  private static final String OBJECT = "/annotation/object";
  private static final String WIDTH = "/annotation/size/width";
  private static final String HEIGHT = "/annotation/size/height";

  private final String name;
  private final Path file;
  private final XMLStreamReader xml;
  private int width;
  private int height;
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
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      return new VocAnnotationReader(name, file, xml).read();
    } catch (NoSuchFileException e) {
      throw new YoloxException("There is no annotation file %s".formatted(file), e);
    } catch (XMLStreamException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNumber();
      throw new YoloxException("%s line %d: this is not valid XML".formatted(file, line), e);
    } catch (IOException e) {
      throw new YoloxException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
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
              addObject(object);
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
    return new Annotation(name, file, width, height, objects);
  }

  private void addObject(Map<String, String> object) {
    String label = object.get("name");
    if (label == null || label.isEmpty()) {
      throw error("object %d has no name".formatted(objects.size() + 1));
    }
    double xmin = coordinate(object, "bndbox/xmin");
    double ymin = coordinate(object, "bndbox/ymin");
    double xmax = coordinate(object, "bndbox/xmax");
    double ymax = coordinate(object, "bndbox/ymax");
    if (xmax < xmin || ymax < ymin) {
      throw error(
          "object %d has the box %s %s to %s %s; expected xmax and ymax not below xmin and ymin"
              .formatted(objects.size() + 1, xmin, ymin, xmax, ymax));
    }
    String difficult = object.getOrDefault("difficult", "0");
    if (!difficult.equals("0") && !difficult.equals("1")) {
      throw error(
          "object %d has difficult \"%s\"; expected 0 or 1"
              .formatted(objects.size() + 1, difficult));
    }
    objects.add(new Labelled(label, xmin, ymin, xmax, ymax, difficult.equals("1")));
  }

  private double coordinate(Map<String, String> object, String key) {
    String text = object.get(key);
    if (text == null) {
      throw error("object %d has no %s".formatted(objects.size() + 1, key));
    }
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw error(
        "object %d has %s \"%s\"; expected a finite number"
            .formatted(objects.size() + 1, key, text));
  }

  private int side(String key, String text) {
    try {
      int side = Integer.parseInt(text);
      if (side >= 0) {
        return side;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw error("%s is \"%s\"; expected a number of pixels".formatted(key, text));
  }

  private YoloxException error(String what) {
    return new YoloxException(
        "%s line %d: %s"
            .formatted(file, xml.getLocation().getLineNumber(), what.replaceAll("\\p{C}", "?")));
  }
}
