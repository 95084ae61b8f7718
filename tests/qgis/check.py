"""What QGIS itself makes of a GeoPackage: run with the Python of QGIS, `python3 tests/qgis/check.py FILE.gpkg FILE.qgz PICTURE.png`.

It prints as JSON what it finds in the project and in the file by itself, or fails: groups with their layers, and of every layer its
colours with their labels, aliases, title, licences and number of features; and draws the layers that are switched on.
"""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor  # type: ignore[import-not-found]

SIZE = 900, 700


def told(layer: QgsVectorLayer) -> dict[str, object]:
    """What a layer says of itself."""
    renderer = layer.renderer()
    categories = (
        renderer.categories() if renderer is not None and renderer.type() == "categorizedSymbol" else []
    )
    return {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "legend": {
            str(of.value()): [of.label(), of.symbol().color().name()]
            for of in categories
            if of.symbol() is not None
        },
        "aliases": {field.name(): layer.attributeDisplayName(at) for at, field in enumerate(layer.fields())},
    }


def main(file: str, project_file: str, picture: str) -> None:
    """Open the file as a user does, tell what is there, and draw it."""
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    if not project.read(project_file):
        sys.exit(f"{project_file} cannot be read: {project.error()}")
    root = project.layerTreeRoot()
    groups = {group.name(): [one.name() for one in group.findLayers()] for group in root.findGroups()}
    on = [one.layer() for one in root.findLayers() if one.isVisible()]
    alone = {}
    for name in [of.name() for of in QgsProviderRegistry.instance().querySublayers(file)]:
        # As a layer that is added by itself, without the project.
        layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
        metadata = layer.metadata()
        alone[name] = {**told(layer), "title": metadata.title(), "licences": metadata.licenses()}
    settings = QgsMapSettings()
    settings.setLayers(on)
    settings.setDestinationCrs(project.crs())
    settings.setExtent(settings.fullExtent())
    settings.setOutputSize(QSize(*SIZE))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    in_project = {layer.name(): told(layer) for layer in project.mapLayers().values()}
    found = {"crs": project.crs().authid(), "groups": groups, "on": [of.name() for of in on]}
    found |= {"project": in_project, "alone": alone}
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # taken down in the order that Python likes, QGIS may fall over after all is told


if __name__ == "__main__":
    main(*sys.argv[1:])
