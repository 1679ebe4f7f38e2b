// For jshell, behind its own imports; see the README.
import org.gradus.autograd.*;
import org.gradus.autograd.array.*;
import org.gradus.autograd.inspect.*;
import org.gradus.autograd.ops.*;
import org.gradus.autograd.update.*;
import org.gradus.layers.*;
import org.gradus.layers.data.*;
import org.gradus.layers.files.*;
import org.gradus.layers.init.*;
import org.gradus.layers.optim.*;
import org.gradus.layers.train.*;
import org.gradus.onnx.*;
import java.util.random.*;
import static org.gradus.autograd.functional.Derivatives.*;
import static org.gradus.autograd.ops.Ops.*;
