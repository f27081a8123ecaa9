package io.github.openaikserve.grpc.modules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.ProtocolMessageEnum;
import com.tngtech.archunit.core.domain.JavaClass;
import io.github.openaikserve.nativeimage.NativeImageMetadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import org.junit.jupiter.api.Test;

/** The native-image metadata lists every class that is looked up by name, such as protobuf's. */
final class NativeImageTest {
  @Test
  void theMetadataMatchesItsSchema() throws Exception {
    assertThat(NativeImageMetadata.of("openai-kserve-grpc").problems()).isEmpty();
  }

  /** Classes that load others by name; add new ones to the metadata and to this list. */
  @Test
  void onlyOptionsOfTransportsAreLookedUpByName() {
    assertThat(NativeImageMetadata.loaders(MainClasses.ALL))
        .containsExactly("io.github.openaikserve.grpc.TransportOptions");
  }

  @Test
  void theMetadataListsTheOptionsOfEveryTransport() throws Exception {
    assertThat(NativeImageMetadata.of("openai-kserve-grpc").types())
        .contains(
            NettyChannelBuilder.class.getName(),
            "io.grpc.netty.NettyChannelBuilder",
            ChannelOption.class.getName(),
            "io.netty.channel.ChannelOption",
            "io.grpc.okhttp.OkHttpChannelBuilder");
    assertThat(NettyChannelBuilder.class.getMethod("flowControlWindow", int.class)).isNotNull();
    assertThat(NettyChannelBuilder.class.getMethod("withOption", ChannelOption.class, Object.class))
        .isNotNull();
  }

  @Test
  void theMetadataListsEveryProtobufMessage() throws Exception {
    assertThat(NativeImageMetadata.of("openai-kserve-grpc").types())
        .filteredOn(type -> type.startsWith("io.github.openaikserve"))
        .containsExactlyInAnyOrderElementsOf(
            MainClasses.ALL.stream()
                .filter(NativeImageTest::isLookedUp)
                .map(JavaClass::getName)
                .toList());
  }

  private static boolean isLookedUp(JavaClass type) {
    return !type.isInterface()
        && (type.isAssignableTo(Message.class)
            || type.isAssignableTo(Message.Builder.class)
            || type.isAssignableTo(ProtocolMessageEnum.class));
  }
}
