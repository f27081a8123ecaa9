package io.github.openaikserve.kserve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {
  private static final Tensor A = Tensor.ints("a", 1);
  private static final Tensor ANOTHER_A = Tensor.ints("a", 2);

  @Test
  void aRequestFindsTheFirstInputOfAName() {
    var request = InferRequest.of("m", "1", List.of(A, ANOTHER_A));

    assertThat(request.input("a")).containsSame(A);
    assertThat(request.input("b")).isEmpty();
    assertThat(request.id()).isEmpty();
    assertThat(request.parameters()).isEmpty();
  }

  @Test
  void aResponseFindsTheFirstOutputOfAName() {
    var response = InferResponse.of(A, ANOTHER_A);

    assertThat(response.output("a")).containsSame(A);
    assertThat(response.output("b")).isEmpty();
    assertThat(response.modelName()).isEmpty();
  }

  @Test
  void collectionsAreCopied() {
    var tensors = new ArrayList<>(List.of(A));
    var parameters = new HashMap<>(Map.of("k", InferParameter.of(1)));
    var declared = new ArrayList<>(List.of(new TensorMetadata("a", "INT32", List.of(-1L))));

    var request = new InferRequest("m", "", "", parameters, tensors);
    var response = new InferResponse("m", "", "", parameters, tensors);
    var metadata = new ModelMetadata("m", List.of("1"), "", declared, declared);
    tensors.clear();
    parameters.clear();
    declared.clear();

    assertThat(request.inputs()).containsExactly(A);
    assertThat(response.outputs()).containsExactly(A);
    assertThat(request.parameters()).isEqualTo(response.parameters()).hasSize(1);
    assertThat(metadata.inputs()).isEqualTo(metadata.outputs()).hasSize(1);
  }

  @Test
  void aParameterIsOfTheTypeOfItsValue() {
    assertThat(InferParameter.of(true)).isEqualTo(new InferParameter.Bool(true));
    assertThat(InferParameter.of(5)).isEqualTo(new InferParameter.Int64(5));
    assertThat(InferParameter.of("x")).isEqualTo(new InferParameter.Text("x"));
  }

  @Test
  void onlyHalvesHaveNoTypedContents() {
    assertThat(Datatype.values())
        .filteredOn(datatype -> !datatype.hasTypedContents())
        .containsExactly(Datatype.FP16, Datatype.BF16);
  }
}
