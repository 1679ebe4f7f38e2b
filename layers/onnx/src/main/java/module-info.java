/** Models from and for other tools, as ONNX files; the format's messages are Tribuo's. */
@SuppressWarnings("requires-automatic") // both have no module descriptor, but name their modules
module org.gradus.onnx {
  requires com.google.protobuf;
  requires org.tribuo.util.onnx;
  requires static org.jspecify;
  requires transitive org.gradus.layers;

  exports org.gradus.onnx;
}
