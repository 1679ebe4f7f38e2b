package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.testkit.Fuzz;

/**
 * A change of a model as its messages say: one field, wherever it is, gets another value, or one of
 * its values more or less. What is no model any more stays as it is.
 */
final class ModelChange implements Fuzz.Change {
  private static final List<Long> NUMBERS =
      List.of(
          0L,
          1L,
          2L,
          3L,
          -1L,
          -2L,
          7L,
          16L,
          21L,
          255L,
          65_536L,
          (long) Integer.MAX_VALUE,
          (long) Integer.MIN_VALUE,
          1L << 32,
          1L << 40,
          Long.MAX_VALUE,
          Long.MIN_VALUE);
  private static final List<Double> REALS =
      List.of(0.0, 1.0, -1.0, 0.5, 1e30, 1e-30, Double.NaN, Double.POSITIVE_INFINITY, -1e9);

  private final List<String> words;

  /** With words that strings become, besides those of the model. */
  ModelChange(List<String> words) {
    this.words = words;
  }

  @Override
  public byte[] of(byte[] file, SplittableRandom random) {
    try {
      ModelProto.Builder model = ModelProto.parseFrom(file).toBuilder();
      List<String> names = new ArrayList<>(words);
      for (int i = 0; i < model.getGraph().getNodeCount(); i++) {
        names.addAll(model.getGraph().getNode(i).getInputList());
        names.addAll(model.getGraph().getNode(i).getOutputList());
      }
      change(model, random, names);
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      return file;
    }
  }

  private static void change(Message.Builder message, SplittableRandom random, List<String> words) {
    List<FieldDescriptor> fields = new ArrayList<>(message.getAllFields().keySet());
    if (fields.isEmpty() || random.nextInt(12) == 0) {
      fields = message.getDescriptorForType().getFields();
    }
    FieldDescriptor field = fields.get(random.nextInt(fields.size()));
    boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    if (!field.isRepeated()) {
      if (isMessage) {
        change(message.getFieldBuilder(field), random, words);
      } else if (random.nextInt(8) == 0) {
        message.clearField(field);
      } else {
        message.setField(field, value(field, random, words));
      }
      return;
    }
    int count = message.getRepeatedFieldCount(field);
    int at = random.nextInt(count + 1);
    if (at == count) {
      if (!isMessage) {
        message.addRepeatedField(field, value(field, random, words));
      } else if (count > 0) {
        message.addRepeatedField(field, message.getRepeatedField(field, random.nextInt(count)));
      }
    } else if (isMessage && random.nextInt(10) > 0) {
      change(message.getRepeatedFieldBuilder(field, at), random, words);
    } else {
      Object other = message.getRepeatedField(field, random.nextInt(count));
      boolean isOther = isMessage || random.nextInt(3) == 0;
      if (random.nextInt(4) > 0) {
        message.setRepeatedField(field, at, isOther ? other : value(field, random, words));
      } else {
        removed(message, field, at);
      }
    }
  }

  private static void removed(Message.Builder message, FieldDescriptor field, int at) {
    List<Object> left = new ArrayList<>((List<?>) message.getField(field));
    left.remove(at);
    message.setField(field, left);
  }

  private static Object value(FieldDescriptor field, SplittableRandom random, List<String> words) {
    long number = NUMBERS.get(random.nextInt(NUMBERS.size()));
    double real = REALS.get(random.nextInt(REALS.size()));
    String word = words.get(random.nextInt(words.size()));
    return switch (field.getJavaType()) {
      case INT -> (int) number;
      case LONG -> number;
      case FLOAT -> (float) real;
      case DOUBLE -> real;
      case BOOLEAN -> random.nextBoolean();
      case STRING -> word;
      case BYTE_STRING -> ByteString.copyFromUtf8(word);
      case ENUM -> {
        List<EnumValueDescriptor> all = field.getEnumType().getValues();
        yield all.get(random.nextInt(all.size()));
      }
      case MESSAGE -> throw new IllegalArgumentException("no single value: " + field);
    };
  }
}
