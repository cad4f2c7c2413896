package io.github.yolox4j.data;

import io.github.yolox4j.files.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes one VOC annotation file. Coordinates are 1-based, with decimals where they need them. */
final class VocAnnotationWriter {

  private final XMLStreamWriter xml;

  private VocAnnotationWriter(XMLStreamWriter xml) {
    this.xml = xml;
  }

  static void write(Path folder, GroundTruth truth, int image) {
    String name = DatasetLayout.stem(truth.images().get(image).fileName());
    AtomicFile.write(folder.resolve(name + ".xml"), out -> write(out, truth, image));
  }

  private static void write(OutputStream out, GroundTruth truth, int image) throws IOException {
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
      new VocAnnotationWriter(xml).write(truth, image);
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void write(GroundTruth truth, int index) throws XMLStreamException {
    GroundTruth.Image image = truth.images().get(index);
    begin("annotation");
    element("filename", image.fileName());
    begin("size");
    element("width", image.width());
    element("height", image.height());
    element("depth", 3);
    end();
    for (int i = truth.firstAnnotation(index); i < truth.firstAnnotation(index + 1); i++) {
      begin("object");
      element("name", truth.categories().get(truth.category(i)).name());
      element("difficult", truth.ignored(i) ? 1 : 0);
      begin("bndbox");
      BoundingBox box = truth.box(i);
      element("xmin", number(box.x() + 1));
      element("ymin", number(box.y() + 1));
      element("xmax", number(box.x() + 1 + box.width()));
      element("ymax", number(box.y() + 1 + box.height()));
      end();
      end();
    }
    end();
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private void begin(String name) throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters("\n");
  }

  private void element(String name, Object value) throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(value.toString());
    end();
  }

  private void end() throws XMLStreamException {
    xml.writeEndElement();
    xml.writeCharacters("\n");
  }
}
