package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.data.Batch;
import org.junit.jupiter.api.Test;

class TabularTest {
  private static final String[] DISTRICTS = {"centre", "north", "harbour", "hills"};
  private static final double[] FACTORS = {1.5, 1.0, 0.8, 1.2};

  @Test
  void theTableIsMadeByItsRule() throws Exception {
    try (InputStream in = Tabular.class.getResourceAsStream("rents.csv")) {
      assertEquals(csv(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** The rule that stands in the comment of {@link Tabular}. */
  private static String csv() {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder("area,year,district,rent\n");
    for (int flat = 0; flat < 600; flat++) {
      int area = random.nextInt(25, 140);
      int year = random.nextInt(1900, 2020);
      boolean isEmpty = random.nextInt(10) == 0;
      int district = random.nextInt(4);
      double age = (year - 1960) / 60.0;
      double rent =
          FACTORS[district] * 12 * Math.pow(area, 0.9) * (0.8 + age * age / 2)
              + random.nextGaussian(0, 30);
      text.append(area).append(',').append(isEmpty ? "" : year).append(',');
      text.append(DISTRICTS[district]).append(',').append(Math.round(rent)).append('\n');
    }
    return text.toString();
  }

  @Test
  void rowsBecomeNumbers() throws Exception {
    List<String[]> rows = csv().lines().skip(1).map(line -> line.split(",")).toList();
    Batch flats = Tabular.flats().all();
    NdArray x = flats.inputs();
    List<String> names = List.of("centre", "harbour", "hills", "north");
    assertEquals(Shape.of(600, 7), x.shape());
    for (int i = 0; i < rows.size(); i++) {
      String[] row = rows.get(i);
      boolean isKnown = !row[1].isEmpty();
      assertEquals(Double.parseDouble(row[0]), x.get(i, 0));
      assertEquals(isKnown ? Double.parseDouble(row[1]) : 1960, x.get(i, 1));
      assertEquals(isKnown ? 1 : 0, x.get(i, 2));
      for (int k = 0; k < 4; k++) {
        assertEquals(names.get(k).equals(row[2]) ? 1 : 0, x.get(i, 3 + k));
      }
      assertEquals(Double.parseDouble(row[3]), flats.targets().at(i) * 1000, 1e-3);
    }
    long unknown = IntStream.range(0, 600).filter(i -> x.get(i, 2) == 0).count();
    assertTrue(unknown > 30 && unknown < 90, () -> unknown + " of 600 years are unknown");
  }

  @Test
  void theNetworkLearnsWhatALinearFunctionCannot() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    double last = Tabular.compare(80, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<String> said = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    double[] explained =
        said.stream()
            .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf("R2") + 2)))
            .toArray();
    assertEquals(3, said.size());
    assertEquals(0, explained[0], 0.05, said::toString);
    assertTrue(explained[1] > 0.7 && explained[1] < 0.9, said::toString);
    assertTrue(explained[2] > 0.92, said::toString);
    assertEquals(last, explained[2], 6e-4);
  }
}
