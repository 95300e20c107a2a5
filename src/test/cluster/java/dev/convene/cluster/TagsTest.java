package dev.convene.cluster;

import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import dev.convene.testkit.TestTags;

/** What may be left out of a quick run. */
@AnalyzeClasses(packages = "dev.convene", importOptions = OnlyIncludeTests.class)
class TagsTest {
  @ArchTest static final ArchTests TAGS = ArchTests.in(TestTags.class);
}
